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
