# Every text of the mails, in English. Plain letters alone where that is possible: such a mail can be read as it was sent.

mail-foot = This mail was sent by { $brand }. Nobody reads answers to it.

mail-confirm-account-subject = Confirm your e-mail address
mail-confirm-account-text = Somebody, most likely you, is creating an account at { $brand } with this address. Confirm that it is yours, and the account is ready.
mail-confirm-account-button = Confirm this address
mail-confirm-account-end = If this was not you, do nothing: without you there will be no account. The link works once, for 24 hours.

mail-account-exists-subject = You have an account already
mail-account-exists-text = Somebody, most likely you, wanted to create an account at { $brand } with this address. There is one already: sign in with it.
mail-account-exists-button = Sign in
mail-account-exists-second = If you no longer know the password, set a new one here:
mail-account-exists-end = If this was not you, do nothing: your account is as it was.

mail-reset-password-subject = Set a new password
mail-reset-password-text = Somebody, most likely you, asked for a new password for your account at { $brand }.
mail-reset-password-button = Set a new password
mail-reset-password-end = If this was not you, do nothing: your password stays as it is. The link works once, for 15 minutes. Give it to nobody; we never ask for it.

mail-password-changed-subject = Your password was changed
mail-password-changed-text = The password of your account at { $brand } was just changed. If this was you, there is nothing to do.
mail-password-changed-button = This was not me
mail-password-changed-end = If this was not you, set a new password at once. Whoever changed it is signed out then.

mail-new-device-subject = A sign-in from a new device
mail-new-device-text = Somebody, we hope you, has just signed in to your account at { $brand } from a device that you had not used there before:
mail-new-device-button = This wasn't me
mail-new-device-end = If it was you, there is nothing to do. If it was not, open the link: it asks once more, signs you out everywhere and has you choose a new password. It works once, for 7 days.

mail-change-email-subject = Confirm your new e-mail address
mail-change-email-text = Somebody, most likely you, wants this to be the address of their account at { $brand }. Confirm that it is yours: it takes the place of the old one then.
mail-change-email-button = Confirm this address
mail-change-email-end = If this was not you, do nothing: nobody gets an account with your address. The link works once, for an hour, in a browser in which the account is signed in.

mail-address-in-use-subject = Your address has an account already
mail-address-in-use-text = Somebody, most likely you, wanted this to be the address of another account at { $brand }. It has one already, and an address belongs to one account only.
mail-address-in-use-button = Open my account
mail-address-in-use-end = If this was not you, do nothing: your account is as it was.

mail-email-changed-subject = Your account has another address
mail-email-changed-text = The e-mail address of your account at { $brand } was just changed. From now on mails go to the new one. If this was you, there is nothing to do.
mail-email-changed-button = This wasn't me
mail-email-changed-end = If this was not you, open the link: it asks once more, puts this address back, signs you out everywhere and has you choose a new password. It works once, for 7 days.

mail-account-leaving-subject = Your account is going to be deleted
mail-account-leaving-text = You have asked for your account at { $brand } to be deleted. You are signed out everywhere, and no app can use it any more. It is deleted for good on:
mail-account-leaving-button = Sign in and keep it
mail-account-leaving-end = If that is what you want, there is nothing to do. If you change your mind, or if this was not you, sign in before then: you can undo it with one button. If it was not you, change your password too.

mail-sign-in-subject = Your code to sign in
mail-sign-in-text = Somebody, most likely you, wants to sign in at { $brand }. The code is:
mail-sign-in-button = Sign in
mail-sign-in-end = Type the code where you asked for it, or open the link in the same browser. Both work once, for 15 minutes. If this was not you, do nothing. Give the code to nobody; we never ask for it.
