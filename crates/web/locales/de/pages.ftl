# Alle Texte der Seiten auf Deutsch. Anrede: Sie.

## Der Rahmen

skip = Zum Inhalt springen
languages = Sprache
trace = Vorgangsnummer
copy = Kopieren
copied = Kopiert
title-problem = Bitte prüfen:
moment = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }, { $time } UTC

## Felder

username = E-Mail oder Benutzername
email = E-Mail
name = Name
name-hint = So sehen Sie die Apps und andere Menschen.
password = Passwort
password-rules = { $min ->
    [one] Mindestens { $min } Zeichen.
   *[other] Mindestens { $min } Zeichen. Ein paar Wörter ohne Zusammenhang merkt man sich leicht, und sie sind schwer zu erraten.
}

## Anmelden und Registrieren

signin-title = Anmelden
signin-to = um mit { $app } fortzufahren
signin-button = Anmelden
signin-no-account = Noch kein Konto?
signup-link = Konto anlegen
signup-title = Konto anlegen
signup-button = Konto anlegen
signup-have-account = Sie haben schon ein Konto?
use-other = Anderes Konto verwenden

## Angemeldete Konten

choose-title = Konto auswählen
continue-to = Weiter zu { $app }
continue-as = Weiter als { $name }
not-admitted-title = Mit diesem Konto können Sie { $app } nicht benutzen
not-admitted-text = { $app } ist nur für bestimmte Personen da, und dieses Konto gehört nicht dazu. Nehmen Sie ein anderes Konto, oder bitten Sie die Betreiber von { $app }, Sie zuzulassen.

## Zustimmung

consent-title = { $app } bittet um Zugriff
consent-outdated = Ihre Bedingungen haben sich geändert, seit Sie ihr zuletzt Zugriff erlaubt haben:
consent-required = Die App muss
consent-optional = Wenn Sie möchten, darf sie auch
consent-allow = Erlauben
consent-deny = Nicht erlauben
consent-owner = Betrieben von { $owner }.
consent-host = Ihre Antwort geht an { $host }.
consent-policy = Datenschutz
consent-terms = Nutzungsbedingungen
consent-unassured = Wir können nicht sicher sein, dass es wirklich diese App ist: Ein anderes Programm auf diesem Gerät könnte ihren Namen verwenden. Erlauben Sie den Zugriff nur, wenn Sie die Anmeldung dort gerade selbst begonnen haben.
scope-openid = wissen, dass Sie es sind
scope-profile = Ihren Namen und Ihr Profil sehen
scope-email = Ihre E-Mail-Adresse sehen
scope-phone = Ihre Telefonnummer sehen
scope-address = Ihre Postanschrift sehen
scope-offline-access = verbunden bleiben, auch wenn Sie nicht da sind, bis Sie es widerrufen
scope-device-sso = die anderen Apps dieses Herstellers auf Ihrem Gerät ohne erneute Anmeldung öffnen
scope-groups = sehen, in welchen Gruppen Sie sind
scope-roles = Ihre Rollen in dieser App sehen
scope-other = „{ $scope }“ verwenden

## Abmelden

signout-title = Abmelden?
signout-asked = { $app } möchte Sie hier abmelden. Um Ihre Apps zu öffnen, müssen Sie sich danach neu anmelden.
signout-text = Um Ihre Apps zu öffnen, müssen Sie sich danach neu anmelden.
signout-button = Abmelden
signout-stay = Angemeldet bleiben
signed-out-title = Sie sind abgemeldet
signed-out-text = An einem gemeinsam genutzten Gerät schließen Sie bitte auch das Browserfenster.
signed-out-untold = Diese Apps waren noch nicht zu erreichen. Wir versuchen es weiter; bis dahin sind Sie dort womöglich noch angemeldet. Melden Sie sich bitte auch dort ab.
sign-in-again = Wieder anmelden
back-to = Zurück zu { $app }

## Übergabe an die App

form-post-title = Einen Moment
form-post-text = Wir bringen Sie zu { $app }. Falls nichts geschieht, drücken Sie bitte den Knopf.

## Konto

home-account = Ihr Konto
account-security = Sicherheit
account-sessions = In diesem Browser angemeldet
account-since = seit
change = Ändern
back-to-account = Zurück zu Ihrem Konto
strength-short = Weiter so: noch etwas länger.
strength-own = Ihr eigener Name und Ihre Adresse sind leicht zu erraten.
strength-word = Häufige Wörter werden zuerst probiert; einige, die nichts miteinander zu tun haben, sind schwerer zu erraten.
strength-rote = Wiederholungen, Jahreszahlen und Tastenreihen werden zuerst probiert.
strength-plain = Noch leicht zu erraten: ein paar Wörter oder Zeichen mehr helfen.
strength-fair = Recht schwer zu erraten; ein Wort mehr macht es noch besser.
strength-hard = Schwer zu erraten.
password-title = Passwort ändern
password-current = Aktuelles Passwort
password-new = Neues Passwort
password-change = Passwort ändern
set-password-title = Passwort wählen
set-password-button = Passwort speichern
manage = Verwalten
account-passkeys = Passkeys
passkey-signin = Mit Passkey anmelden
passkey-stopped = Es ist nichts geschehen: Der Browser hat abgebrochen, oder Sie. Versuchen Sie es einfach noch einmal.
passkeys-title = Ihre Passkeys
passkeys-lead = Mit einem Passkey melden Sie sich an, indem Sie Ihr Gerät entsperren. Er gilt nur auf dieser Seite, niemand kann ihn Ihnen entlocken.
passkeys-none = Sie haben noch keinen Passkey.
passkeys-stale = Um einen Passkey anzulegen, zeigen Sie bitte zuerst, dass Sie es sind.
passkeys-need-script = Um einen Passkey anzulegen, erlauben Sie dieser Seite, Skripte auszuführen.
passkey-unnamed = Passkey
passkey-synced = auf allen Ihren Geräten
passkey-made = angelegt
passkey-used = zuletzt benutzt
passkey-remove = Entfernen
passkey-remove-this = { $name } entfernen
passkey-name = Name, an dem Sie ihn wiedererkennen
passkey-make = Passkey anlegen
account-where = Wo Sie angemeldet sind
account-apps = Ihre Apps
sessions-title = Wo Sie angemeldet sind
sessions-lead = Jedes Gerät und die Apps, die Sie dort geöffnet haben. Kennen Sie eines nicht, melden Sie sich dort ab und ändern Sie Ihr Passwort.
session-here = dieses Gerät
session-end = Abmelden
session-end-this = { $name } abmelden
sessions-end-others = Überall sonst abmelden
container-title = Apps von { $group }
container-here = Diese Apps teilen sich die Anmeldung darüber. Wenn Sie sie hier abmelden, bleiben Sie in diesem Browser angemeldet. Eine einzelne App, die Sie abmelden, kann von selbst zurückkommen, solange eine andere angemeldet ist.
container-there = Diese Apps teilen sich die Anmeldung darüber. Wenn Sie sie hier abmelden, enden nur die Apps. Eine einzelne App, die Sie abmelden, kann von selbst zurückkommen, solange eine andere angemeldet ist.
container-end = Alle abmelden
container-end-this = Alle Apps von { $group } abmelden
device-on = { $browser } auf { $system }
device-unknown = Unbekanntes Gerät
grants-title = Apps, die verbunden bleiben
grants-lead = Sie erreichen, was Sie ihnen erlaubt haben, auch wenn Sie abgemeldet sind, bis Sie sie trennen.
grant-end = Trennen
grant-end-this = { $name } trennen
devices-title = Geräte, an denen wir Sie kennen
devices-lead = Dort haben Sie sich schon einmal angemeldet; tun Sie es wieder, kommt keine E-Mail. Vergessen Sie die, die Ihnen nicht mehr gehören.
device-remembered = kein zweiter Schritt bis
device-forget = Vergessen
device-forget-this = { $name } vergessen
not-me-title = Waren Sie das?
not-me-address = Die Adresse Ihres Kontos wurde geändert. Mit der Schaltfläche wird { $email } wieder eingesetzt.
not-me-text = Wenn ja, schließen Sie diese Seite. Wenn nicht, drücken Sie den Knopf: Sie werden überall abgemeldet, Ihr Passwort gilt nicht mehr, und Sie wählen ein neues.
not-me-button = Das war ich nicht
apps-title = Ihre Apps
apps-lead = Was Sie jeder App erlaubt haben. Widerrufen Sie es, endet der Zugriff der App sofort, und sie fragt das nächste Mal wieder.
apps-none = Sie haben noch keine App eingelassen.
app-nothing = Sie anmelden
app-answered = erlaubt
app-version = Fassung { $version }
app-withdraw = Widerrufen
app-withdraw-this = Erlaubnis für { $name } widerrufen
app-receipt = Beleg
app-receipt-this = Beleg für { $name }

## One more factor

code = Code
prove-button = Weiter
prove-remember = Auf diesem Gerät nicht nach Codes fragen
prove-skip = Ohne weitermachen
prove-totp-title = Code eingeben
prove-totp-lead = Öffnen Sie Ihre Authentifizierungs-App und tippen Sie die sechs Ziffern ein, die sie für dieses Konto zeigt.
prove-totp-instead = Code aus der Authentifizierungs-App verwenden
prove-recovery-title = Wiederherstellungscode verwenden
prove-recovery-lead = Tippen Sie einen der Codes ein, die Sie sich notiert haben. Jeder gilt einmal.
prove-recovery-instead = Wiederherstellungscode verwenden
prove-passkey-title = Mit dem Passkey bestätigen
prove-passkey-lead = Entsperren Sie Ihr Gerät oder berühren Sie Ihren Sicherheitsschlüssel.
prove-passkey-instead = Passkey verwenden
prove-passkey-button = Meinen Passkey verwenden
prove-passkey-script = Für einen Passkey muss diese Seite Skripte ausführen dürfen.
account-codes = Codes
codes-title = Ihre Codes
codes-lead = Mit einer Authentifizierungs-App meldet sich niemand allein mit Ihrem Passwort an.
codes-stale = Um hier etwas zu ändern, zeigen Sie bitte zuerst, dass Sie es sind.
totp-title = Authentifizierungs-App
totp-on = Eingerichtet seit
totp-off = Nicht eingerichtet.
totp-how = Lesen Sie dieses Bild mit der App auf Ihrem Telefon.
totp-picture = QR-Code für Ihre Authentifizierungs-App
totp-type = Oder tippen Sie dies in die App:
totp-code = Der Code, den die App jetzt zeigt
totp-set-up = App einrichten
totp-remove = App entfernen
recovery-title = Wiederherstellungscodes
recovery-lead = Damit kommen Sie hinein, wenn Ihr Telefon verloren ist. Jeder gilt einmal.
recovery-left = { $count ->
    [0] Keiner ist übrig.
    [one] { $count } Code ist übrig.
   *[other] { $count } Codes sind übrig.
}
recovery-made = Erstellt
recovery-make = Neue Codes erstellen
recovery-once = Notieren oder speichern Sie diese Codes jetzt: Sie werden nicht wieder gezeigt. Frühere Codes gelten nicht mehr.
recovery-download = Als Datei speichern
recovery-kept = Ich habe sie aufbewahrt

## Startseite

home-title = Willkommen
home-text = { $brand } ist der gemeinsame Eingang zu allen Ihren Apps: einmal anmelden, und die Türen stehen offen.

## Hinweise

notice-link-gone-title = Dieser Link gilt nicht mehr
notice-link-gone-text = Er wurde schon benutzt oder ist zu alt. Bitten Sie dort, wo Sie ihn bekommen haben, um einen neuen.
notice-invitation-title = Nur mit Einladung
notice-invitation-text = Konten gibt es hier auf Einladung. Bitten Sie die Person, die Ihre Apps betreut, um eine.
notice-closed-title = Bitten Sie um ein Konto
notice-closed-text = Konten werden hier von der Verwaltung angelegt. Wenden Sie sich an die Person, die Ihre Apps betreut.
notice-changed-title = Ihr Passwort wurde geändert.
notice-changed-text = Verwenden Sie ab jetzt das neue.
notice-set-title = Ihr Passwort wurde gespeichert.
notice-set-text = Sie können sich jetzt damit anmelden.
notice-made-title = Ihr Konto ist bereit.
notice-made-text = Sie können sich jetzt damit anmelden.
notice-disowned-title = Es ist beendet.
notice-disowned-text = Sie sind überall abgemeldet. Melden Sie sich mit Ihrem Passkey an und entfernen Sie jeden, den Sie nicht kennen.

## Probleme mit Eingaben

problem-missing = Bitte füllen Sie dieses Feld aus.
problem-credentials = Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beide und versuchen Sie es noch einmal.
problem-password-wrong = Das ist nicht Ihr aktuelles Passwort. Bitte geben Sie es noch einmal ein.
problem-attempts = { $minutes ->
    [one] Mit diesem Namen oder aus Ihrem Netz gab es zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.
   *[other] Mit diesem Namen oder aus Ihrem Netz gab es zu viele Versuche. Warten Sie { $minutes } Minuten und versuchen Sie es dann noch einmal.
}
problem-attempts-long = { $hours ->
    [one] Mit diesem Namen oder aus Ihrem Netz gab es zu viele Versuche. Warten Sie eine Stunde und versuchen Sie es dann noch einmal.
   *[other] Mit diesem Namen oder aus Ihrem Netz gab es zu viele Versuche. Warten Sie { $hours } Stunden und versuchen Sie es dann noch einmal.
}
attempts-passkey = Mit einem Passkey kommen Sie sofort hinein.
attempts-passkey-or-mail = Mit einem Passkey oder einem Code per E-Mail kommen Sie sofort hinein.
problem-busy = Gerade melden sich sehr viele Menschen an. Bitte versuchen Sie es gleich noch einmal.
problem-stale = Diese Seite war zu lange offen. Bitte senden Sie sie noch einmal ab.
problem-email = Das sieht nicht wie eine E-Mail-Adresse aus. Sie sollte so geschrieben sein: name@example.com.
problem-email-taken = Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich damit an oder verwenden Sie eine andere Adresse.
problem-name = Bitte schreiben Sie einen kürzeren Namen, möglichst nur mit Buchstaben.
problem-password-short = { $min ->
    [one] Das ist zu kurz. Nehmen Sie mindestens { $min } Zeichen.
   *[other] Das ist zu kurz. Nehmen Sie mindestens { $min } Zeichen.
}
problem-password-long = { $max ->
    [one] Das ist zu lang. Nehmen Sie höchstens { $max } Zeichen.
   *[other] Das ist zu lang. Nehmen Sie höchstens { $max } Zeichen.
}
problem-password-common = Dieses Passwort probieren Angreifer als eines der ersten. Wählen Sie eines, das sonst niemand benutzt.
problem-password-breached = Dieses Passwort steht in Listen gestohlener Passwörter. Wählen Sie eines, das Sie sonst nirgends benutzen.
problem-password-leans = { $min ->
    [one] Ihr Passwort hat weniger als { $min } Zeichen; das reicht nur, solange ein Code dazukommt. Wählen Sie zuerst ein längeres.
   *[other] Ihr Passwort hat weniger als { $min } Zeichen; das reicht nur, solange ein Code dazukommt. Wählen Sie zuerst ein längeres.
}
problem-password-personal = Ihr Name oder Ihre Adresse kommt in diesem Passwort vor. Wählen Sie eines, das nichts mit Ihnen zu tun hat.
problem-password-unchanged = Dieses Passwort haben Sie schon. Wählen Sie ein anderes.
problem-passkey = Dieser Passkey wurde hier nicht angenommen. Versuchen Sie einen anderen, oder melden Sie sich mit dem Passwort an.
problem-passkey-new = Der Passkey konnte nicht angelegt werden. Versuchen Sie es noch einmal, oder nehmen Sie ein anderes Gerät.
problem-passkey-model = Passkeys werden hier nur mit bestimmten Sicherheitsschlüsseln erstellt, und dieser gehört nicht dazu. Nehmen Sie einen, den die Betreiber dieser Seite Ihnen genannt haben.
problem-code = Das ist nicht der Code dieses Augenblicks, oder er wurde schon benutzt. Warten Sie auf den nächsten und tippen Sie diesen ein.
problem-recovery-code = Das ist keiner Ihrer Codes, oder er wurde schon benutzt.
problem-mail-code = Das ist nicht der Code der neuesten E-Mail, oder er ist zu alt.
problem-name-first = Geben Sie zuerst Ihre E-Mail-Adresse oder Ihren Benutzernamen ein. Das Passwort ist nicht nötig.

## Fehler

error-app-title = Die Anfrage der App hat nicht geklappt
error-app-text = An Ihnen liegt es nicht. Gehen Sie zurück zur App und versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es denen, die die App betreiben, und nennen Sie die Vorgangsnummer unten.
error-unknown-app-title = Wir kennen diese App nicht
error-unknown-app-text = Zu Ihrer Sicherheit geht es hier nicht weiter. Öffnen Sie die App dort, wo Sie sie sonst finden. Wenn ein Link Sie hierher geführt hat, trauen Sie ihm nicht.
error-ended-title = Diese App ist geschlossen
error-ended-text = Die App, von der Sie kommen, war bis zu einem bestimmten Tag offen, und der ist vorbei. Mit ihr lässt sich nichts mehr tun. Wenden Sie sich an ihre Betreiber, wenn Sie noch etwas daraus brauchen.
error-denied-title = Der Zugriff wurde abgelehnt
error-denied-text = Es wurde nichts weitergegeben. Wenn Sie es sich anders überlegen, gehen Sie zurück zur App und beginnen Sie neu.
error-gone-title = Diese Anmeldung geht nicht weiter
error-gone-text = Sie hat zu lange gedauert, ist schon abgeschlossen oder wurde in einem anderen Browser begonnen. Gehen Sie zurück zur App und beginnen Sie neu.
error-stale-title = Bitte noch einmal
error-stale-text = Die Seite war zu lange offen, oder Ihr Browser hat keine Cookies behalten. Gehen Sie zurück, laden Sie die Seite neu und senden Sie sie noch einmal ab.
error-not-found-title = Hier ist nichts
error-not-found-text = Diese Adresse führt nirgendwohin. Prüfen Sie sie auf Tippfehler oder beginnen Sie neu in Ihrer App.
error-bad-title = Wir konnten diese Anfrage nicht lesen
error-bad-text = Sie war zu groß oder ist unterwegs beschädigt worden. Gehen Sie zurück und versuchen Sie es noch einmal.
error-busy-title = Einen Moment, bitte
error-busy-text = Gerade stehen sehr viele Menschen an der Tür. Warten Sie kurz und versuchen Sie es noch einmal.
error-ours-title = Bei uns ist etwas kaputtgegangen
error-ours-text = An Ihnen liegt es nicht. Versuchen Sie es in ein paar Minuten noch einmal. Bleibt es dabei, nennen Sie uns die Vorgangsnummer unten.
error-details = Einzelheiten für Entwickler
error-code = Fehler
error-description = Beschreibung

## The token tools

tools-title = Token-Werkzeuge
tools-app = { $brand }: Token-Werkzeuge
tools-text = Für signierte Webhooks, Token und Schlüssel. Sie rechnen hier, in Ihrem Browser.
tools-all = Alle Werkzeuge
tools-promise = Nichts verlässt diese Seite.
tools-how = So prüfen Sie es
tools-proof-policy = Die Seite verbietet sich jede Anfrage und jedes Formular, das gesendet würde. Ihr Browser hält sie an diese Regel:
tools-proof-log = Öffnen Sie die Entwicklerwerkzeuge Ihres Browsers, wählen Sie «Netzwerk» und arbeiten Sie: Es erscheint keine Zeile.
tools-proof-offline = Oder trennen Sie jetzt die Verbindung. Alles geht weiter, auch wenn Sie die Seite neu öffnen.
tools-proof-storage = Kein Cookie wird gesetzt, und nichts, was Sie eingeben, wird gespeichert. Ein Link zum Teilen enthält kein Geheimnis und keinen Schlüssel.
tools-missing-title = Die Werkzeuge wurden nicht eingebaut
tools-missing-text = Sie sind dasselbe Rust wie auf der Kommandozeile, nach WebAssembly übersetzt. Jeder dieser beiden Wege fügt sie hinzu:
tools-script = Die Werkzeuge rechnen in Ihrem Browser und brauchen dazu JavaScript. Dieselben Werkzeuge gibt es auf der Kommandozeile: vestibule --help.
tools-result = Ergebnis
tools-empty = Es erscheint hier, sobald alles ausgefüllt ist.
tools-shell = Auf der Kommandozeile
tools-clear = Leeren
tools-share = Link kopieren
tools-shared = Kopiert, ohne Geheimnisse
tools-as = als
tools-text-encoding = Text
tools-file = Datei wählen
tools-remove = Entfernen
tools-show = Anzeigen
tools-hide = Verbergen
tools-copy = Kopieren
tools-copied = Kopiert
tools-download = Sichern
tools-yes = Es stimmt überein.
tools-no = Es stimmt nicht überein.
tools-expected = Erwartet
tools-found = Gefunden
tools-cause = Wahrscheinliche Ursache
tools-more = Mehr
tools-info = Hinweis
tools-warning = Warnung
tools-fault = Fehler
tools-working = Einen Augenblick …
tools-no-fetch = Diese Seiten stellen keine Anfragen. Fügen Sie ein, was unter jener Adresse steht.
tools-broken = Das Werkzeug hat angehalten.
tools-too-old = Dieser Browser ist zu alt für die Werkzeuge. Sie brauchen WebAssembly.
tools-single = Befehl für Befehl
tools-valid = Gültig.
tools-invalid = Nicht gültig.
tools-unverified = Nicht geprüft. Geben Sie einen Schlüssel oder ein Geheimnis an.
tools-closed = Verschlüsselt. Ein Schlüssel oder ein Geheimnis öffnet es.
tools-opened = Geöffnet.
tools-shut = Es ließ sich nicht öffnen.
tools-clean = Nichts zu beanstanden.
tools-unclean = Etwas sollte geändert werden.
tools-findings = Befunde
tools-layer = Darin: Schicht
tools-this-is = Das ist
tools-go-on = Weiter mit
tools-use-key = Als Schlüssel verwenden
tools-edit = Ändern und neu signieren
tools-encrypt = Verschlüsseln
tools-read = Lesen
tools-everybody = Jeder kann lesen
tools-made-by = Herstellen kann es
tools-keep = Behalten Sie dies für sich.
tools-picture = Bild lesen
tools-no-picture = In diesem Bild ist kein QR-Code zu finden.

# Aus einer App auf dem Gerät in eine Website.
handoff-title = Weiter als { $name }?
handoff-lead = Sie werden in diesem Browser bei { $app } angemeldet, und nirgends sonst.
handoff-label = Die Zahl, die { $app } anzeigt
handoff-hint = Wenn keine Ihrer Apps eine Zahl anzeigt, hat Sie jemand anders hierher geschickt: Schließen Sie diese Seite.
handoff-button = Weiter
handoff-ask = In { $app } bestätigen
handoff-ask-hint = { $app } muss auf diesem Gerät sein. Wenn die App sich nicht öffnet oder nichts davon weiß, hat Sie jemand anders hierher geschickt: Schließen Sie diese Seite.
notice-handoff-gone-title = Dieser Link gilt nicht mehr
notice-handoff-gone-text = Er wurde schon benutzt, oder eine Minute ist vorbei. Gehen Sie zurück zur App und bitten Sie dort um einen neuen.
notice-handoff-wrong-title = Das ist nicht die Zahl Ihrer App
notice-handoff-wrong-text = Niemand wurde angemeldet, und der Link ist verbraucht. Gehen Sie zurück zur App und bitten Sie dort um einen neuen.
notice-handoff-unproven-title = Ihre App hat das nicht bestätigt
notice-handoff-unproven-text = Niemand wurde angemeldet, und der Link ist verbraucht. Gehen Sie zurück zur App und bitten Sie dort um einen neuen.
