# Every text of the pages, in English.
# One sentence says what is, the next what to do. No blame, no exclamation.

## The frame

skip = Skip to the content
languages = Language
trace = Trace number
copy = Copy
copied = Copied
title-problem = Please check:
moment = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time } UTC

## Fields

username = E-mail or username
email = E-mail
name = Name
name-hint = The name that apps and other people will see.
password = Password
password-rules = { $min ->
    [one] At least { $min } character.
   *[other] At least { $min } characters. A few unrelated words are easy to remember and hard to guess.
}

## Sign-in and sign-up

signin-title = Sign in
signin-to = to continue to { $app }
signin-button = Sign in
signin-no-account = No account yet?
signup-link = Create an account
signup-title = Create your account
signup-button = Create account
signup-have-account = Have an account already?
use-other = Use another account

## Accounts that are signed in

choose-title = Choose an account
continue-to = Continue to { $app }
continue-as = Continue as { $name }
not-admitted-title = You can’t use { $app } with this account
not-admitted-text = { $app } is open to certain people only, and this account is not among them. Use another account, or ask whoever runs { $app } to let you in.

## Consent

consent-title = { $app } asks for access
consent-outdated = Its terms have changed since you last allowed it:
consent-required = The app needs to
consent-optional = If you like, it may also
consent-allow = Allow
consent-deny = Don’t allow
consent-owner = Run by { $owner }.
consent-host = Your answer is sent to { $host }.
consent-policy = Privacy policy
consent-terms = Terms of service
consent-unassured = We can’t be certain that this is the app it says it is: another program on this device could be using its name. Allow only if you have just started the sign-in there yourself.
scope-openid = know that it is you
scope-profile = see your name and profile
scope-email = see your e-mail address
scope-phone = see your phone number
scope-address = see your postal address
scope-offline-access = stay connected while you are away, until you withdraw it
scope-device-sso = let the other apps of this developer on your device sign in without asking you again
scope-groups = see which groups you are in
scope-roles = see your roles in this app
scope-other = use “{ $scope }”

## Sign-out

signout-title = Sign out?
signout-asked = { $app } asks to sign you out here. You will then need to sign in again to open your apps.
signout-text = You will then need to sign in again to open your apps.
signout-button = Sign out
signout-stay = Stay signed in
signed-out-title = You are signed out
signed-out-text = On a shared device, close the browser window as well.
signed-out-untold = These apps could not be told yet. We keep trying; until then you may still be signed in there, so sign out there as well.
sign-in-again = Sign in again
back-to = Back to { $app }

## Handing over to the app

form-post-title = One moment
form-post-text = We are taking you to { $app }. If nothing happens, press the button.

## Account

home-account = Your account
account-security = Security
account-sessions = Signed in in this browser
account-since = since
change = Change
back-to-account = Back to your account
strength-short = Keep going: a little longer yet.
strength-own = Your own name or address is easy to guess.
strength-word = Common words are tried first; a few that have nothing to do with each other are harder to guess.
strength-rote = Repetitions, years and rows of keys are tried first.
strength-plain = Easy to guess so far: a few more words or letters help.
strength-fair = Fairly hard to guess; one more word makes it better still.
strength-hard = Hard to guess.
password-title = Change your password
password-current = Current password
password-new = New password
password-change = Change password
set-password-title = Choose a password
set-password-button = Save password
manage = Manage
account-passkeys = Passkeys
passkey-signin = Sign in with a passkey
passkey-stopped = Nothing has happened: the browser stopped, or you did. Try again when you like.
passkeys-title = Your passkeys
passkeys-lead = A passkey signs you in by unlocking your device. It works on this site alone, so nobody can lure it out of you.
passkeys-none = You have no passkey yet.
passkeys-stale = To make a passkey, show first that it is you.
passkeys-need-script = To make a passkey, allow this page to run scripts.
passkey-unnamed = Passkey
passkey-synced = on all your devices
passkey-made = made
passkey-used = last used
passkey-remove = Remove
passkey-remove-this = Remove { $name }
passkey-name = Name, to know it by later
passkey-make = Make a passkey
account-where = Where you are signed in
account-apps = Your apps
sessions-title = Where you are signed in
sessions-lead = Every device and the apps you opened there. If you don’t recognise one, sign out there and change your password.
session-here = this device
session-end = Sign out
session-end-this = Sign out of { $name }
sessions-end-others = Sign out everywhere else
container-title = Apps of { $group }
container-here = These native apps share the sign-in above. Signing out here ends the apps alone: you stay signed in in this browser. An app that you sign out may come back by itself while another of them is signed in.
container-there = These native apps share the sign-in above. Signing out here ends the apps alone. An app that you sign out may come back by itself while another of them is signed in.
container-end = Sign out of all
container-end-this = Sign out of all apps of { $group }
device-on = { $browser } on { $system }
device-unknown = Unknown device
grants-title = Apps that stay connected
grants-lead = They reach what you allowed them while you are signed out too, until you disconnect them.
grant-end = Disconnect
grant-end-this = Disconnect { $name }
devices-title = Devices we know you by
devices-lead = You have signed in there before, so no mail is sent when you do so again. Forget those that are not yours any more.
device-remembered = no second step is asked until
device-forget = Forget
device-forget-this = Forget { $name }
not-me-title = Was this you?
not-me-address = The address of your account was changed. { $email } is put back with the button.
not-me-text = If it was, close this page. If it wasn’t, press the button: you are signed out everywhere, your password no longer works, and you choose a new one.
not-me-button = This wasn’t me
apps-title = Your apps
apps-lead = What you have allowed each app. If you withdraw it, the app’s access ends at once, and it asks again the next time.
apps-none = You have not let any app in yet.
app-nothing = sign you in
app-answered = allowed
app-version = version { $version }
app-withdraw = Withdraw
app-withdraw-this = Withdraw what { $name } may do
app-receipt = Receipt
app-receipt-this = Receipt for { $name }

## One more factor

code = Code
prove-button = Continue
prove-remember = Do not ask for codes on this device
prove-skip = Go on without it
prove-totp-title = Enter your code
prove-totp-lead = Open your authenticator app and type the six digits that it shows for this account.
prove-totp-instead = Use a code from your authenticator app
prove-recovery-title = Use a recovery code
prove-recovery-lead = Type one of the codes that you wrote down. It works once.
prove-recovery-instead = Use a recovery code
prove-passkey-title = Confirm with your passkey
prove-passkey-lead = Unlock your device, or touch your security key.
prove-passkey-instead = Use a passkey
prove-passkey-button = Use my passkey
prove-passkey-script = To use a passkey, allow this page to run scripts.
account-codes = Codes
codes-title = Your codes
codes-lead = With an authenticator app, nobody signs in with your password alone.
codes-stale = To change anything here, show first that it is you.
totp-title = Authenticator app
totp-on = Set up since
totp-off = Not set up.
totp-how = Read this picture with the app on your phone.
totp-picture = QR code for your authenticator app
totp-type = Or type this into it:
totp-code = The code that the app shows now
totp-set-up = Set up the app
totp-remove = Remove the app
recovery-title = Recovery codes
recovery-lead = They let you in when your phone is lost. Each works once.
recovery-left = { $count ->
    [0] None is left.
    [one] { $count } code is left.
   *[other] { $count } codes are left.
}
recovery-made = Made
recovery-make = Make new codes
recovery-once = Write these down or save them now: they are not shown again. Codes made before have stopped working.
recovery-download = Save as a file
recovery-kept = I have kept them

## Front page

home-title = Welcome
home-text = { $brand } is one entrance to all your apps: sign in once, and the doors are open.

## Notices

notice-link-gone-title = This link no longer works
notice-link-gone-text = It was used already, or it is too old. Ask for a new one where you got it.
notice-invitation-title = By invitation only
notice-invitation-text = Accounts here are made by invitation. Ask the person who runs your apps to invite you.
notice-closed-title = Ask for your account
notice-closed-text = Accounts here are made by an administrator. Ask the person who runs your apps for one.
notice-changed-title = Your password has been changed.
notice-changed-text = Use the new one from now on.
notice-set-title = Your password has been saved.
notice-set-text = You can sign in with it now.
notice-made-title = Your account is ready.
notice-made-text = You can sign in with it now.
notice-disowned-title = It is ended.
notice-disowned-text = You are signed out everywhere. Sign in with your passkey, and remove every passkey that you don’t know.

## Problems with what was typed

problem-missing = Please fill this in.
problem-credentials = That username and password don’t go together. Check both and try again.
problem-password-wrong = That is not your current password. Please type it again.
problem-attempts = { $minutes ->
    [one] There have been too many attempts with this name or from your network. Wait a minute and try again.
   *[other] There have been too many attempts with this name or from your network. Wait { $minutes } minutes and try again.
}
problem-attempts-long = { $hours ->
    [one] There have been too many attempts with this name or from your network. Wait an hour and try again.
   *[other] There have been too many attempts with this name or from your network. Wait { $hours } hours and try again.
}
attempts-passkey = A passkey lets you in at once.
attempts-passkey-or-mail = A passkey lets you in at once, and so does a code by e-mail.
problem-busy = Very many people are signing in just now. Please try again in a moment.
problem-stale = This page was open for too long. Please send it once more.
problem-email = This doesn’t look like an e-mail address. It should be like name@example.com.
problem-email-taken = There is an account with this address already. Sign in with it, or use another address.
problem-name = Please write a shorter name, with letters only where you can.
problem-password-short = { $min ->
    [one] This is too short. Use at least { $min } character.
   *[other] This is too short. Use at least { $min } characters.
}
problem-password-long = { $max ->
    [one] This is too long. Use at most { $max } character.
   *[other] This is too long. Use at most { $max } characters.
}
problem-password-common = This password is one of the first that attackers try. Choose one that nobody else uses.
problem-password-breached = This password stands in lists of stolen passwords. Choose one that you use nowhere else.
problem-password-leans = { $min ->
    [one] Your password has fewer than { $min } character, which is enough only beside a code. Choose a longer one first.
   *[other] Your password has fewer than { $min } characters, which is enough only beside a code. Choose a longer one first.
}
problem-password-personal = Your name or address is part of this password. Choose one that has nothing to do with you.
problem-password-unchanged = This is the password you have now. Choose another.
problem-passkey = That passkey was not accepted here. Try another, or sign in with your password.
problem-passkey-new = The passkey could not be made. Try again, or use another device.
problem-passkey-model = Passkeys are made here with certain security keys only, and this is none of them. Use one that the people who run this site have named to you.
problem-code = That is not the code of this moment, or it was used already. Wait for the next one and type that.
problem-recovery-code = That is none of your codes, or it was used already.
problem-mail-code = That is not the code of the newest mail, or it is too old.
problem-name-first = Type your e-mail address or username first. The password is not needed.

## Errors

error-app-title = The app’s request didn’t work
error-app-text = It is nothing that you did. Go back to the app and try again; if it happens again, tell the people who run it, and give them the trace number below.
error-unknown-app-title = We don’t know this app
error-unknown-app-text = For your safety we go no further. Open the app from where you usually find it; if you were sent here by a link, don’t trust it.
error-ended-title = This app has closed
error-ended-text = The app you came from was open until a certain day, and that day has passed. Nothing more can be done with it. Ask whoever ran it if you still need something from it.
error-denied-title = Access was refused
error-denied-text = Nothing has been shared. You can go back to the app and start again if you change your mind.
error-gone-title = This sign-in can’t be continued
error-gone-text = It took too long, is finished already, or was begun in another browser. Go back to the app and start again.
error-stale-title = Please try once more
error-stale-text = The page was open for too long, or your browser kept no cookies. Go back, reload the page and send it again.
error-not-found-title = There is nothing here
error-not-found-text = This address leads nowhere. Check it for a typing error, or start again from your app.
error-bad-title = We couldn’t read that request
error-bad-text = It was too large or damaged on its way. Go back and try again.
error-busy-title = Just a moment, please
error-busy-text = Very many people are at the door. Wait a moment and try again.
error-ours-title = Something broke on our side
error-ours-text = It is nothing that you did. Try again in a few minutes; if it stays like this, tell us the trace number below.
error-details = Details for developers
error-code = Error
error-description = Description

## The token tools

tools-title = Token tools
tools-app = { $brand } token tools
tools-text = For signed webhooks, tokens and keys. They compute here, in your browser.
tools-all = All tools
tools-promise = Nothing leaves this page.
tools-how = How to check
tools-proof-policy = The page forbids itself every request and every form that would be sent. Your browser holds it to this policy:
tools-proof-log = Open your browser’s developer tools, choose «Network», and work: no line appears.
tools-proof-offline = Or cut the network now. Everything goes on, also when you open the page again.
tools-proof-storage = No cookie is set, and nothing that you type is stored. A link to share holds no secret and no key.
tools-missing-title = The tools were not built in
tools-missing-text = They are the same Rust as on the command line, compiled to WebAssembly. Both of these builds add them:
tools-script = The tools compute in your browser, which takes JavaScript. The same tools stand on the command line: vestibule --help.
tools-result = Result
tools-empty = It appears here as soon as all is filled in.
tools-shell = On the command line
tools-clear = Clear
tools-share = Copy a link
tools-shared = Copied, without secrets
tools-as = as
tools-text-encoding = text
tools-file = Choose a file
tools-remove = Remove
tools-show = Show
tools-hide = Hide
tools-copy = Copy
tools-copied = Copied
tools-download = Save
tools-yes = It matches.
tools-no = It does not match.
tools-expected = Expected
tools-found = Found
tools-cause = Likely cause
tools-more = More
tools-info = Note
tools-warning = Warning
tools-fault = Fault
tools-working = Working …
tools-no-fetch = These pages request nothing. Paste what stands at that address.
tools-broken = The tool stopped.
tools-too-old = This browser is too old for the tools. They need WebAssembly.
tools-single = Command by command
tools-valid = Valid.
tools-invalid = Not valid.
tools-unverified = Not verified. Give a key or a secret.
tools-closed = Encrypted. Give a key or a secret to open it.
tools-opened = Opened.
tools-shut = It could not be opened.
tools-clean = Nothing to complain of.
tools-unclean = Something should be changed.
tools-findings = Findings
tools-layer = Inside: layer
tools-this-is = This is
tools-go-on = Go on with
tools-use-key = Use it as the key
tools-edit = Edit and sign again
tools-encrypt = Encrypt it
tools-read = Read it
tools-everybody = Everybody can read
tools-made-by = Can be made by
tools-keep = Keep this to yourself.
tools-picture = Read a picture
tools-no-picture = There is no QR code to be found in this picture.

# From a native app into a web client.
handoff-title = Continue as { $name }?
handoff-lead = You will be signed in to { $app } in this browser, and to nothing else.
handoff-label = The number that { $app } shows
handoff-hint = If no app of yours shows a number, somebody else sent you here: close this page.
handoff-button = Continue
handoff-ask = Confirm in { $app }
handoff-ask-hint = { $app } must be on this device. If it does not open, or does not know of this, somebody else sent you here: close this page.
notice-handoff-gone-title = This link no longer works
notice-handoff-gone-text = It was used already, or a minute has passed. Go back to the app and ask for a new one.
notice-handoff-wrong-title = That is not the number of your app
notice-handoff-wrong-text = Nobody was signed in, and the link is used up. Go back to the app and ask for a new one.
notice-handoff-unproven-title = Your app did not confirm this
notice-handoff-unproven-text = Nobody was signed in, and the link is used up. Go back to the app and ask for a new one.
