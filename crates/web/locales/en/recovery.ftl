# Texts of the pages between a mail and an account, in English.

forgot-password = Forgot your password?
mail-sent-title = Look into your mail
mail-sent-signup = We have sent a mail to { $email }. Open the link in it, and your account is ready.
mail-sent-recovery = If there is an account with { $email }, a mail is on its way to it. The link in it works for 15 minutes.
mail-sent-hint = Nothing there? Look into the folder for unwanted mail, and check the address for a typing error.
mail-sent-again = Try again
confirm-title = Confirm your address
confirm-elsewhere = You signed up in another browser. Choose your password here; the one that was typed there does not count.
confirm-button = Create my account
recover-title = Forgot your password?
recover-lead = Type the address of your account. We send it a link with which you set a new password.
recover-button = Send the link
new-password-title = Set a new password
new-password-others = Sign out everywhere else
