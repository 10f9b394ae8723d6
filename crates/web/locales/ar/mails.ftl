# كل نصوص الرسائل بالعربية.

mail-foot = أُرسلت هذه الرسالة من { $brand }. لا أحد يقرأ الردود عليها.

mail-confirm-account-subject = أكِّد عنوان بريدك الإلكتروني
mail-confirm-account-text = يُنشئ شخص ما، والأرجح أنه أنت، حسابًا لدى { $brand } بهذا العنوان. أكِّد أن العنوان لك ليصبح الحساب جاهزًا.
mail-confirm-account-button = تأكيد العنوان
mail-confirm-account-end = إن لم تكن أنت، فلا تفعل شيئًا: لن يُنشأ حساب من دونك. يعمل الرابط مرة واحدة خلال 24 ساعة.

mail-account-exists-subject = لديك حساب بالفعل
mail-account-exists-text = أراد شخص ما، والأرجح أنه أنت، إنشاء حساب لدى { $brand } بهذا العنوان. يوجد حساب به بالفعل، فسجّل الدخول به.
mail-account-exists-button = تسجيل الدخول
mail-account-exists-second = إن كنت لا تذكر كلمة المرور، فاختر كلمة جديدة من هنا:
mail-account-exists-end = إن لم تكن أنت، فلا تفعل شيئًا: حسابك كما كان.

mail-reset-password-subject = اختر كلمة مرور جديدة
mail-reset-password-text = طلب شخص ما، والأرجح أنه أنت، كلمة مرور جديدة لحسابك لدى { $brand }.
mail-reset-password-button = اختيار كلمة مرور جديدة
mail-reset-password-end = إن لم تكن أنت، فلا تفعل شيئًا: تبقى كلمة مرورك كما هي. يعمل الرابط مرة واحدة خلال 15 دقيقة. لا تعطه لأحد، فنحن لا نطلبه أبدًا.

mail-password-changed-subject = تم تغيير كلمة مرورك
mail-password-changed-text = تم للتو تغيير كلمة مرور حسابك لدى { $brand }. إن كنت أنت من غيّرها، فلا شيء عليك فعله.
mail-password-changed-button = لم أكن أنا
mail-password-changed-end = إن لم تكن أنت، فاختر كلمة مرور جديدة فورًا، وعندها يُسجَّل خروج من غيّرها.

mail-new-device-subject = تسجيل دخول من جهاز جديد
mail-new-device-text = سجّل أحدهم، ونأمل أنه أنت، الدخول قبل قليل إلى حسابك لدى { $brand } من جهاز لم تستخدمه هناك من قبل:
mail-new-device-button = لم أكن أنا
mail-new-device-end = إذا كنت أنت، فلا يلزمك شيء. وإلا فافتح الرابط: سيسألك مرة أخرى، ثم يسجّل خروجك من كل مكان ويطلب منك اختيار كلمة مرور جديدة. يعمل مرة واحدة، لمدة 7 أيام.

mail-change-email-subject = أكِّد عنوان بريدك الجديد
mail-change-email-text = يريد شخص ما، والأرجح أنه أنت، أن يكون هذا عنوان حسابه لدى { $brand }. أكِّد أن العنوان لك ليحلّ محلّ العنوان القديم.
mail-change-email-button = تأكيد العنوان
mail-change-email-end = إن لم تكن أنت، فلا تفعل شيئًا: لن يحصل أحد على حساب بعنوانك. يعمل الرابط مرة واحدة خلال ساعة، في متصفح سُجّل فيه الدخول إلى الحساب.

mail-address-in-use-subject = لعنوانك حساب بالفعل
mail-address-in-use-text = أراد شخص ما، والأرجح أنه أنت، أن يكون هذا عنوان حساب آخر لدى { $brand }. للعنوان حساب بالفعل، ولا يكون العنوان إلا لحساب واحد.
mail-address-in-use-button = فتح حسابي
mail-address-in-use-end = إن لم تكن أنت، فلا تفعل شيئًا: حسابك كما كان.

mail-email-changed-subject = لحسابك عنوان آخر
mail-email-changed-text = تم للتو تغيير عنوان البريد الإلكتروني لحسابك لدى { $brand }. تُرسل الرسائل من الآن إلى العنوان الجديد. إن كنت أنت من غيّره، فلا شيء عليك فعله.
mail-email-changed-button = فتح حسابي
mail-email-changed-end = إن لم تكن أنت، فسجّل الدخول وغيّر كلمة مرورك وأعد عنوانك. وإذا تعذّر عليك الدخول، فاكتب إلى من يشرف على تطبيقاتك.
