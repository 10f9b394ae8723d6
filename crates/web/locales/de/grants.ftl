# Was Apps auf anderem Weg bekommen als über ihre eigene Seite in diesem Browser.

## Geräte ohne Tastatur

device-title = Ein Gerät verbinden
device-lead = Geben Sie den Code ein, den das Gerät anzeigt.
device-compare = Ist das der Code, den Ihr Gerät anzeigt? Wenn nicht, geben Sie den ein, der dort steht.
device-code = Code
device-hint = Acht Buchstaben. Ob groß oder klein, mit oder ohne Strich, spielt keine Rolle.
device-next = Weiter
device-asks = Ein Gerät fragt für { $app } an, nicht dieser Browser.
device-place = aus { $place }
device-warning = Machen Sie nur weiter, wenn es vor Ihnen steht und Sie dort selbst begonnen haben. Hat Ihnen jemand den Code oder den Link geschickt, erlauben Sie es nicht: Der andere bekäme Ihren Zugang.
problem-user-code = Kein Gerät wartet mit diesem Code. Prüfen Sie ihn, oder lassen Sie das Gerät einen neuen anzeigen.
notice-device-allowed-title = Ihr Gerät ist verbunden
notice-device-allowed-text = Es macht gleich von selbst weiter. Sie können diese Seite schließen.
notice-device-denied-title = Das Gerät wurde nicht eingelassen
notice-device-denied-text = Es bekommt nichts. Sie können diese Seite schließen.
app-device = Auf einem Gerät, mit einem Code angemeldet
app-device-end = Abmelden
app-device-end-this = Das Gerät von { $name } abmelden

## Was Apps tun wollen

consent-details = Das will die App tun:
confirmed-title = Was Sie bestätigt haben
confirmed-record = Signierter Nachweis

## Apps, die für Menschen antworten

kept-keys-title = Apps, die für Sie antworten dürfen
kept-keys-lead = Auf diesen Geräten können Sie anderen Apps etwas erlauben, ohne den Browser zu öffnen.
kept-key-attested = Der Hersteller des Geräts bürgt für die App.
kept-key-unlocked = Sie entsperren ihn für jede Antwort, wie der Hersteller des Geräts bestätigt.
kept-key-end = Entfernen
kept-key-end-this = Schlüssel von { $name } entfernen
