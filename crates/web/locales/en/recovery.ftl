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

# Signing in by mail
email-code-ask = Send me a code by e-mail
email-code-lead = If { $name } is known here, a mail with a code is on its way. It is good for 15 minutes.
email-code-label = The code from the mail
email-code-hint = The link in the mail does the same, in this browser. Nothing there? Look into the folder for unwanted mail.
email-code-again = Send a new code
email-code-other = Sign in another way
email-link-title = Sign in here?
email-link-lead = You asked for this in this browser a moment ago.
mailed-code-title = Your code
mailed-code-lead = You asked for it in another browser or on another device. Type it there:
mailed-code-hint = Type it only on the page that you opened yourself, and tell it to nobody. If you did not ask for a code, close this page: nothing happens.

# A passkey after signing in
offer-passkey-title = Sign in faster next time?
offer-passkey-lead = With a passkey, your fingerprint, your face or this device's lock signs you in. There is no password to type, and none to steal.
offer-passkey-button = Create a passkey
offer-passkey-skip = Not now

role-title = Enter as
role-lead = You are more than one thing at { $app }. As which do you enter?
set-up-title = { $app } asks for more than a password
set-up-text = To go on, set up a passkey or an authenticator app for your account. It takes a minute; come back to this page then.
set-up-text-passkey = To go on, make a passkey for your account. It takes a minute; come back to this page then.
set-up-codes = Set up an authenticator app instead
set-up-on = I have done that: go on to { $app }
