# كل نصوص الصفحات بالعربية.

## إطار الصفحة

skip = انتقل إلى المحتوى
languages = اللغة
trace = رقم التتبع
copy = نسخ
copied = تم النسخ
title-problem = يُرجى التحقق:
moment = { $day } { $month ->
    [1] يناير
    [2] فبراير
    [3] مارس
    [4] أبريل
    [5] مايو
    [6] يونيو
    [7] يوليو
    [8] أغسطس
    [9] سبتمبر
    [10] أكتوبر
    [11] نوفمبر
   *[12] ديسمبر
} { $year }، { $time } بالتوقيت العالمي

## الحقول

username = البريد الإلكتروني أو اسم المستخدم
email = البريد الإلكتروني
name = الاسم
name-hint = الاسم الذي ستراه التطبيقات والآخرون.
password = كلمة المرور
password-rules = { $min ->
    [zero] يمكنك اختيار أي طول.
    [one] حرف واحد على الأقل.
    [two] حرفان على الأقل.
    [few] { $min } أحرف على الأقل. بضع كلمات لا رابط بينها يسهل تذكّرها ويصعب تخمينها.
    [many] { $min } حرفًا على الأقل. بضع كلمات لا رابط بينها يسهل تذكّرها ويصعب تخمينها.
   *[other] { $min } حرف على الأقل. بضع كلمات لا رابط بينها يسهل تذكّرها ويصعب تخمينها.
}

## تسجيل الدخول وإنشاء الحساب

signin-title = تسجيل الدخول
signin-to = للمتابعة إلى { $app }
signin-button = تسجيل الدخول
signin-no-account = ليس لديك حساب؟
signup-link = إنشاء حساب
signup-title = إنشاء حسابك
signup-button = إنشاء الحساب
signup-have-account = لديك حساب بالفعل؟
use-other = استخدام حساب آخر

## الحسابات المسجَّل دخولها

choose-title = اختر حسابًا
continue-to = المتابعة إلى { $app }
continue-as = المتابعة باسم { $name }

## الموافقة

consent-title = يطلب { $app } إذن الوصول
consent-required = يحتاج التطبيق إلى
consent-optional = وإن شئت، يمكنه أيضًا
consent-allow = سماح
consent-deny = عدم السماح
consent-owner = الجهة المشغِّلة: { $owner }.
consent-host = سيُرسَل ردّك إلى { $host }.
consent-policy = سياسة الخصوصية
consent-terms = شروط الخدمة
consent-unassured = لا يمكننا التأكد من أن هذا هو التطبيق المذكور فعلًا، فقد يستخدم برنامج آخر على هذا الجهاز اسمه. اسمح فقط إذا كنت قد بدأت تسجيل الدخول هناك بنفسك للتو.
scope-openid = معرفة أنك أنت المستخدم
scope-profile = الاطّلاع على اسمك وملفك الشخصي
scope-email = الاطّلاع على عنوان بريدك الإلكتروني
scope-phone = الاطّلاع على رقم هاتفك
scope-address = الاطّلاع على عنوانك البريدي
scope-offline-access = البقاء متصلًا أثناء غيابك إلى أن تسحب الإذن
scope-other = استخدام «{ $scope }»

## تسجيل الخروج

signout-title = هل تريد تسجيل الخروج؟
signout-asked = يطلب { $app } تسجيل خروجك من هنا. ستحتاج بعد ذلك إلى تسجيل الدخول من جديد لفتح تطبيقاتك.
signout-text = ستحتاج بعد ذلك إلى تسجيل الدخول من جديد لفتح تطبيقاتك.
signout-button = تسجيل الخروج
signout-stay = البقاء مسجَّلًا
signed-out-title = تم تسجيل خروجك
signed-out-text = إذا كان الجهاز مشتركًا، فأغلق نافذة المتصفح أيضًا.
sign-in-again = تسجيل الدخول من جديد
back-to = العودة إلى { $app }

## الانتقال إلى التطبيق

form-post-title = لحظة من فضلك
form-post-text = ننقلك الآن إلى { $app }. إذا لم يحدث شيء، فاضغط على الزر.

## الحساب

home-account = حسابك
account-security = الأمان
account-sessions = الحسابات المسجَّل دخولها في هذا المتصفح
account-since = منذ
change = تغيير
back-to-account = العودة إلى حسابك
password-title = تغيير كلمة المرور
password-current = كلمة المرور الحالية
password-new = كلمة المرور الجديدة
password-change = تغيير كلمة المرور
set-password-title = اختر كلمة مرور
set-password-button = حفظ كلمة المرور
manage = إدارة
account-passkeys = مفاتيح المرور
passkey-signin = تسجيل الدخول بمفتاح مرور
passkey-stopped = لم يحدث شيء: توقّف المتصفح أو أوقفته أنت. أعد المحاولة متى شئت.
passkeys-title = مفاتيح المرور الخاصة بك
passkeys-lead = يُدخلك مفتاح المرور بمجرد فتح قفل جهازك. وهو لا يعمل إلا في هذا الموقع، فلا يستطيع أحد أن ينتزعه منك.
passkeys-none = ليس لديك مفتاح مرور بعد.
passkeys-stale = لإنشاء مفتاح مرور أثبت أولًا أنك أنت.
passkeys-need-script = لإنشاء مفتاح مرور اسمح لهذه الصفحة بتشغيل البرامج النصية.
passkey-unnamed = مفتاح مرور
passkey-synced = على جميع أجهزتك
passkey-made = أُنشئ
passkey-used = آخر استخدام
passkey-remove = إزالة
passkey-remove-this = إزالة { $name }
passkey-name = اسم تعرفه به لاحقًا
passkey-make = إنشاء مفتاح مرور

## الصفحة الأولى

home-title = أهلًا وسهلًا
home-text = { $brand } مدخل واحد إلى كل تطبيقاتك: سجّل الدخول مرة واحدة فتُفتح لك الأبواب.

## إشعارات

notice-link-gone-title = لم يعد هذا الرابط صالحًا
notice-link-gone-text = سبق استخدامه أو مضى عليه وقت طويل. اطلب رابطًا جديدًا من الجهة التي حصلت عليه منها.
notice-invitation-title = بدعوة فقط
notice-invitation-text = تُنشأ الحسابات هنا بدعوة. اطلب دعوة ممّن يشرف على تطبيقاتك.
notice-closed-title = اطلب حسابك
notice-closed-text = يُنشئ الحساباتِ هنا أحدُ المسؤولين. اطلب حسابًا ممّن يشرف على تطبيقاتك.
notice-changed-title = تم تغيير كلمة مرورك.
notice-changed-text = استخدم الكلمة الجديدة من الآن فصاعدًا.
notice-set-title = تم حفظ كلمة مرورك.
notice-set-text = يمكنك الآن تسجيل الدخول بها.
notice-made-title = حسابك جاهز.
notice-made-text = يمكنك الآن تسجيل الدخول به.

## مشكلات في الإدخال

problem-missing = يُرجى ملء هذا الحقل.
problem-credentials = اسم المستخدم وكلمة المرور غير متطابقين. تحقّق منهما وحاول مرة أخرى.
problem-password-wrong = هذه ليست كلمة مرورك الحالية. يُرجى كتابتها مرة أخرى.
problem-attempts = جرت محاولات كثيرة جدًا. انتظر بضع دقائق ثم حاول مرة أخرى.
problem-busy = يسجّل كثيرون الدخول في هذه اللحظة. يُرجى المحاولة بعد قليل.
problem-stale = بقيت هذه الصفحة مفتوحة وقتًا طويلًا. يُرجى إرسالها مرة أخرى.
problem-email = لا يبدو هذا عنوان بريد إلكتروني. ينبغي أن يكون على هذا النحو: name@example.com
problem-email-taken = يوجد حساب بهذا العنوان بالفعل. سجّل الدخول به أو استخدم عنوانًا آخر.
problem-name = يُرجى كتابة اسم أقصر، بحروف فقط قدر الإمكان.
problem-password-short = { $min ->
    [zero] كلمة المرور قصيرة جدًا.
    [one] كلمة المرور قصيرة جدًا. استخدم حرفًا واحدًا على الأقل.
    [two] كلمة المرور قصيرة جدًا. استخدم حرفين على الأقل.
    [few] كلمة المرور قصيرة جدًا. استخدم { $min } أحرف على الأقل.
    [many] كلمة المرور قصيرة جدًا. استخدم { $min } حرفًا على الأقل.
   *[other] كلمة المرور قصيرة جدًا. استخدم { $min } حرف على الأقل.
}
problem-password-long = { $max ->
    [zero] كلمة المرور طويلة جدًا.
    [one] كلمة المرور طويلة جدًا. استخدم حرفًا واحدًا على الأكثر.
    [two] كلمة المرور طويلة جدًا. استخدم حرفين على الأكثر.
    [few] كلمة المرور طويلة جدًا. استخدم { $max } أحرف على الأكثر.
    [many] كلمة المرور طويلة جدًا. استخدم { $max } حرفًا على الأكثر.
   *[other] كلمة المرور طويلة جدًا. استخدم { $max } حرف على الأكثر.
}
problem-password-common = هذه من أولى كلمات المرور التي يجرّبها المهاجمون. اختر كلمة لا يستخدمها أحد غيرك.
problem-password-personal = اسمك أو عنوانك جزء من كلمة المرور هذه. اختر كلمة لا علاقة لها بك.
problem-password-unchanged = هذه كلمة مرورك الحالية. اختر غيرها.
problem-passkey = لم يُقبل مفتاح المرور هذا هنا. جرّب غيره أو سجّل الدخول بكلمة مرورك.
problem-passkey-new = تعذّر إنشاء مفتاح المرور. أعد المحاولة أو استخدم جهازًا آخر.

## أخطاء

error-app-title = لم ينجح طلب التطبيق
error-app-text = لم يصدر منك أي خطأ. عُد إلى التطبيق وحاول مرة أخرى. إذا تكرر ذلك، فأخبر القائمين على التطبيق وأعطهم رقم التتبع أدناه.
error-unknown-app-title = لا نعرف هذا التطبيق
error-unknown-app-text = حرصًا على سلامتك نتوقف هنا. افتح التطبيق من حيث تجده عادةً، وإذا كان رابط قد أوصلك إلى هنا فلا تثق به.
error-denied-title = تم رفض الوصول
error-denied-text = لم تتم مشاركة أي شيء. إذا غيّرت رأيك، فعُد إلى التطبيق وابدأ من جديد.
error-gone-title = لا يمكن متابعة تسجيل الدخول هذا
error-gone-text = استغرق وقتًا طويلًا، أو اكتمل بالفعل، أو بدأ في متصفح آخر. عُد إلى التطبيق وابدأ من جديد.
error-stale-title = يُرجى المحاولة مرة أخرى
error-stale-text = بقيت الصفحة مفتوحة وقتًا طويلًا، أو لم يحتفظ متصفحك بملفات تعريف الارتباط. ارجع وأعد تحميل الصفحة ثم أرسلها مرة أخرى.
error-not-found-title = لا شيء هنا
error-not-found-text = لا يؤدي هذا العنوان إلى أي مكان. تحقّق من كتابته، أو ابدأ من جديد من تطبيقك.
error-bad-title = تعذّرت قراءة هذا الطلب
error-bad-text = كان كبيرًا جدًا أو تلف في الطريق. ارجع وحاول مرة أخرى.
error-busy-title = لحظة من فضلك
error-busy-text = يقف كثيرون على الباب الآن. انتظر قليلًا ثم حاول مرة أخرى.
error-ours-title = حدث خلل من جانبنا
error-ours-text = لم يصدر منك أي خطأ. حاول مرة أخرى بعد بضع دقائق. إذا استمر ذلك، فأخبرنا برقم التتبع أدناه.
error-details = تفاصيل للمطوّرين
error-code = الخطأ
error-description = الوصف

## The token tools

tools-title = أدوات الرموز
tools-app = أدوات الرموز من { $brand }
tools-text = للخطاطيف الموقّعة والرموز والمفاتيح. تُحسب هنا، في متصفحك.
tools-all = كل الأدوات
tools-promise = لا شيء يغادر هذه الصفحة.
tools-how = كيف تتحقق
tools-proof-policy = تمنع الصفحة نفسها من أي طلب ومن إرسال أي نموذج، ويُلزمها متصفحك بهذه السياسة:
tools-proof-log = افتح أدوات المطوّر في متصفحك واختر «الشبكة» ثم اعمل: لن يظهر أي سطر.
tools-proof-offline = أو اقطع الاتصال الآن. يستمر كل شيء، حتى عندما تفتح الصفحة من جديد.
tools-proof-storage = لا تُحفظ ملفات تعريف ارتباط، ولا يُخزَّن شيء مما تكتبه. والرابط الذي تشاركه لا يحمل سرًّا ولا مفتاحًا.
tools-missing-title = لم تُضمَّن الأدوات في هذا البناء
tools-missing-text = هي نفسها المكتوبة بلغة Rust لسطر الأوامر، مترجمة إلى WebAssembly. أيٌّ من هذين الأمرين يضيفها:
tools-script = تحسب الأدوات في متصفحك وتحتاج إلى JavaScript. والأدوات نفسها متاحة في سطر الأوامر: vestibule --help.
tools-result = النتيجة
tools-empty = تظهر هنا حالما تُملأ كل الحقول.
tools-shell = في سطر الأوامر
tools-clear = مسح
tools-share = نسخ رابط
tools-shared = نُسخ دون أسرار
tools-as = بصيغة
tools-text-encoding = نص
tools-file = اختيار ملف
tools-remove = إزالة
tools-show = إظهار
tools-hide = إخفاء
tools-copy = نسخ
tools-copied = نُسخ
tools-download = حفظ
tools-yes = متطابق.
tools-no = غير متطابق.
tools-expected = المتوقَّع
tools-found = الموجود
tools-cause = السبب المرجَّح
tools-more = المزيد
tools-info = ملاحظة
tools-warning = تحذير
tools-fault = خطأ
tools-working = لحظة من فضلك …
tools-no-fetch = هذه الصفحات لا ترسل أي طلب. الصق ما هو موجود في ذلك العنوان.
tools-broken = توقفت الأداة.
tools-too-old = هذا المتصفح قديم على الأدوات. فهي تحتاج إلى WebAssembly.
tools-single = أمرًا أمرًا
tools-valid = صالح.
tools-invalid = غير صالح.
tools-unverified = لم يُتحقَّق منه. أدخل مفتاحًا أو سرًّا.
tools-closed = مشفَّر. أدخل مفتاحًا أو سرًّا لفتحه.
tools-opened = فُتح.
tools-shut = تعذّر فتحه.
tools-clean = لا ملاحظات.
tools-unclean = ينبغي تغيير شيء ما.
tools-findings = الملاحظات
tools-layer = في الداخل: الطبقة
tools-this-is = هذا
tools-go-on = تابع مع
tools-use-key = استخدمه مفتاحًا
tools-edit = عدّل ووقّع من جديد
tools-encrypt = شفّره
tools-read = اقرأه
tools-everybody = يستطيع الجميع أن يقرأ
tools-made-by = يمكن أن يُنشئه
tools-keep = احتفظ بهذا لنفسك.
tools-picture = قراءة صورة
tools-no-picture = لا يوجد رمز QR في هذه الصورة.
