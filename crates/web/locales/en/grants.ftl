# What apps get otherwise than by their own page in this browser.

## Devices without a keyboard

device-title = Connect a device
device-lead = Type the code that the device shows.
device-compare = Is this the code that your device shows? If not, type the one that it does.
device-code = Code
device-hint = Eight letters. Whether large or small, with or without a dash, does not matter.
device-next = Next
device-asks = A device asks for { $app }, and not this browser.
device-place = from { $place }
device-warning = Go on only if it is in front of you and you started this there yourself. If somebody sent you the code or the link, don’t allow it: they would get your access.
problem-user-code = No device waits with this code. Check it, or have the device show a new one.
notice-device-allowed-title = Your device is connected
notice-device-allowed-text = It goes on by itself in a moment. You can close this page.
notice-device-denied-title = The device was not let in
notice-device-denied-text = It gets nothing. You can close this page.
app-device = On a device, signed in with a code
app-device-end = Sign out
app-device-end-this = Sign out the device of { $name }

## What apps want to do

consent-details = The app wants to do this:
confirmed-title = What you have confirmed
confirmed-record = Signed record

## Apps that answer for people

kept-keys-title = Apps that may answer for you
kept-keys-lead = On these devices you can allow other apps something without opening the browser.
kept-key-attested = The device’s maker vouches for the app.
kept-key-unlocked = You unlock it for each answer, as the device’s maker confirms.
kept-key-end = Remove
kept-key-end-this = Remove the key of { $name }
