# Texte der Seiten zwischen Mail und Konto auf Deutsch. Anrede: Sie.

forgot-password = Passwort vergessen?
mail-sent-title = Sehen Sie in Ihre Mails
mail-sent-signup = Wir haben eine Mail an { $email } geschickt. Öffnen Sie den Link darin, und Ihr Konto ist bereit.
mail-sent-recovery = Falls es ein Konto mit { $email } gibt, ist eine Mail dorthin unterwegs. Der Link darin gilt 15 Minuten.
mail-sent-hint = Nichts angekommen? Sehen Sie im Spam-Ordner nach, und prüfen Sie die Adresse auf Tippfehler.
mail-sent-again = Noch einmal versuchen
confirm-title = Adresse bestätigen
confirm-elsewhere = Sie haben sich in einem anderen Browser registriert. Wählen Sie hier Ihr Passwort; das dort eingegebene zählt nicht.
confirm-button = Mein Konto anlegen
recover-title = Passwort vergessen?
recover-lead = Geben Sie die Adresse Ihres Kontos ein. Wir schicken einen Link, mit dem Sie ein neues Passwort wählen.
recover-button = Link schicken
new-password-title = Neues Passwort wählen
new-password-others = Überall sonst abmelden

# Signing in by mail
email-code-ask = Code per E-Mail senden
email-code-lead = Falls { $name } hier bekannt ist, ist eine E-Mail mit einem Code unterwegs. Er gilt 15 Minuten.
email-code-label = Der Code aus der E-Mail
email-code-hint = Der Link in der E-Mail tut dasselbe, in diesem Browser. Nichts angekommen? Sehen Sie im Ordner für unerwünschte E-Mails nach.
email-code-again = Neuen Code senden
email-code-other = Anders anmelden
email-link-title = Hier anmelden?
email-link-lead = Sie haben gerade in diesem Browser darum gebeten.
mailed-code-title = Ihr Code
mailed-code-lead = Sie haben ihn in einem anderen Browser oder auf einem anderen Gerät angefordert. Geben Sie ihn dort ein:
mailed-code-hint = Geben Sie ihn nur auf der Seite ein, die Sie selbst geöffnet haben, und verraten Sie ihn niemandem. Wenn Sie keinen Code angefordert haben, schließen Sie diese Seite: Es geschieht nichts.

# Ein Passkey nach dem Anmelden
offer-passkey-title = Beim nächsten Mal schneller anmelden?
offer-passkey-lead = Mit einem Passkey meldet Sie Ihr Fingerabdruck, Ihr Gesicht oder die Sperre dieses Geräts an. Es gibt kein Passwort einzutippen und keines zu stehlen.
offer-passkey-button = Passkey erstellen
offer-passkey-skip = Nicht jetzt

role-title = Eintreten als
role-lead = Sie haben bei { $app } mehr als eine Rolle. In welcher treten Sie ein?
set-up-title = { $app } verlangt mehr als ein Passwort
set-up-text = Richten Sie für Ihr Konto einen Passkey oder eine Authenticator-App ein, um fortzufahren. Das dauert eine Minute; kommen Sie dann auf diese Seite zurück.
set-up-text-passkey = Erstellen Sie für Ihr Konto einen Passkey, um fortzufahren. Das dauert eine Minute; kommen Sie dann auf diese Seite zurück.
set-up-codes = Stattdessen eine Authenticator-App einrichten
set-up-on = Erledigt: weiter zu { $app }
