# Alle Texte der Mails auf Deutsch. Anrede: Sie.

mail-foot = Diese Mail kommt von { $brand }. Antworten darauf liest niemand.

mail-confirm-account-subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-confirm-account-text = Jemand, vermutlich Sie, legt mit dieser Adresse ein Konto bei { $brand } an. Bestätigen Sie, dass es Ihre ist, und das Konto ist bereit.
mail-confirm-account-button = Adresse bestätigen
mail-confirm-account-end = Falls Sie das nicht waren, tun Sie nichts: Ohne Sie entsteht kein Konto. Der Link gilt einmal und 24 Stunden lang.

mail-account-exists-subject = Sie haben schon ein Konto
mail-account-exists-text = Jemand, vermutlich Sie, wollte mit dieser Adresse ein Konto bei { $brand } anlegen. Es gibt schon eines: Melden Sie sich damit an.
mail-account-exists-button = Anmelden
mail-account-exists-second = Falls Sie das Passwort nicht mehr wissen, wählen Sie hier ein neues:
mail-account-exists-end = Falls Sie das nicht waren, tun Sie nichts: Ihr Konto ist, wie es war.

mail-reset-password-subject = Wählen Sie ein neues Passwort
mail-reset-password-text = Jemand, vermutlich Sie, hat um ein neues Passwort für Ihr Konto bei { $brand } gebeten.
mail-reset-password-button = Neues Passwort wählen
mail-reset-password-end = Falls Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist. Der Link gilt einmal und 15 Minuten lang. Geben Sie ihn niemandem; wir fragen nie danach.

mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-text = Das Passwort Ihres Kontos bei { $brand } wurde gerade geändert. Falls Sie das waren, ist nichts zu tun.
mail-password-changed-button = Das war ich nicht
mail-password-changed-end = Falls Sie das nicht waren, wählen Sie sofort ein neues Passwort. Wer es geändert hat, wird dann abgemeldet.

mail-new-device-subject = Anmeldung von einem neuen Gerät
mail-new-device-text = Jemand, hoffentlich Sie, hat sich gerade bei Ihrem Konto bei { $brand } von einem Gerät angemeldet, das Sie dort noch nicht benutzt hatten:
mail-new-device-button = Das war ich nicht
mail-new-device-end = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, öffnen Sie den Link: Er fragt noch einmal nach, meldet Sie überall ab und lässt Sie ein neues Passwort wählen. Er gilt einmal und 7 Tage lang.

mail-change-email-subject = Bestätigen Sie Ihre neue E-Mail-Adresse
mail-change-email-text = Jemand, vermutlich Sie, möchte diese Adresse für das eigene Konto bei { $brand } verwenden. Bestätigen Sie, dass es Ihre ist: Sie tritt dann an die Stelle der alten.
mail-change-email-button = Adresse bestätigen
mail-change-email-end = Falls Sie das nicht waren, tun Sie nichts: Niemand bekommt ein Konto mit Ihrer Adresse. Der Link gilt einmal und eine Stunde lang, in einem Browser, in dem das Konto angemeldet ist.

mail-address-in-use-subject = Ihre Adresse hat schon ein Konto
mail-address-in-use-text = Jemand, vermutlich Sie, wollte diese Adresse für ein anderes Konto bei { $brand } verwenden. Sie hat schon eines, und eine Adresse gehört zu einem Konto allein.
mail-address-in-use-button = Mein Konto öffnen
mail-address-in-use-end = Falls Sie das nicht waren, tun Sie nichts: Ihr Konto ist, wie es war.

mail-email-changed-subject = Ihr Konto hat eine andere Adresse
mail-email-changed-text = Die E-Mail-Adresse Ihres Kontos bei { $brand } wurde gerade geändert. Mails gehen ab jetzt an die neue. Falls Sie das waren, ist nichts zu tun.
mail-email-changed-button = Das war ich nicht
mail-email-changed-end = Falls Sie das nicht waren, öffnen Sie den Link: Er fragt noch einmal nach, setzt diese Adresse wieder ein, meldet Sie überall ab und lässt Sie ein neues Passwort wählen. Er gilt einmal und 7 Tage lang.

mail-account-leaving-subject = Ihr Konto wird gelöscht
mail-account-leaving-text = Sie haben darum gebeten, Ihr Konto bei { $brand } zu löschen. Sie sind überall abgemeldet, und keine App kann es mehr verwenden. Endgültig gelöscht wird es am:
mail-account-leaving-button = Anmelden und behalten
mail-account-leaving-end = Wenn Sie das möchten, ist nichts zu tun. Wenn Sie es sich anders überlegen oder das nicht waren, melden Sie sich vorher an: Ein Knopf macht es rückgängig. Falls Sie es nicht waren, ändern Sie auch Ihr Passwort.

mail-sign-in-subject = Ihr Code zum Anmelden
mail-sign-in-text = Jemand, vermutlich Sie, möchte sich bei { $brand } anmelden. Der Code lautet:
mail-sign-in-button = Anmelden
mail-sign-in-end = Geben Sie den Code dort ein, wo Sie ihn angefordert haben, oder öffnen Sie den Link im selben Browser. Beides gilt einmal und 15 Minuten lang. Falls Sie das nicht waren, tun Sie nichts. Geben Sie den Code niemandem; wir fragen nie danach.
