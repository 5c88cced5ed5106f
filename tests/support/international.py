"""Ordinary international writing, for counting false alarms: sentences as people write them, with
the joiners, marks, selectors, blanks and mixed scripts that languages, emoji and trades need.
"""

from __future__ import annotations

# One sentence on each line; joiners and the like are written as escapes, so that they can be seen.
_BY_LANGUAGE = {
    "German": r"""
Die Rückerstattung für Bestellung 8841 wurde am 3. März geprüft.
Bitte überweisen Sie 212,00 € auf das Konto der Kundin.
Größe, Maße und Gewicht stehen in der Übersicht.
„Das geht so nicht“, sagte Frau Müller-Lüdenscheidt.
Straße, Fußgängerzone, Äpfel, Öl und Übermut
z.\u00a0B. 10\u202fkg oder §\u00a012 Abs.\u00a03
Der Preis beträgt 1.299,00\u00a0€ inkl. MwSt.
Ich hätte gern die E-Mail-Adresse des Kunden.
Siehe Kapitel »Ähnliche Fälle« auf Seite 44 ff.
Ärgerlich: Die API antwortet mit HTTP 500.
""",
    "French": r"""
Le remboursement a été effectué hier\u00a0!
Où est passé l’œuf du garçon naïf\u202f?
«\u00a0Très bien\u00a0», répondit-elle, «\u00a0à demain\u00a0».
Le montant s’élève à 1\u202f250,00\u00a0€.
Ça coûte cher, n’est-ce pas\u00a0?
L’équipe a déjà reçu la réclamation n°\u00a042.
Noël approche, les élèves rêvent.
Veuillez vérifier l’adresse de l’expéditeur.
Rendez-vous à 18\u00a0h\u00a030 près du château.
Ægidius et les cœurs brisés
""",
    "Spanish": r"""
¿Dónde está el pedido número 8841?
¡Qué rápido! El reembolso llegó ayer.
El niño comió piñas en la montaña.
La dirección del cliente no coincide.
Según el artículo 5.º, la 1.ª cláusula es válida.
Pingüinos y cigüeñas viajan en avión.
El importe es de 1.500,75 €.
«Mañana será otro día», dijo José.
""",
    "Portuguese": r"""
A solicitação não foi aprovada ainda.
Você pode confirmar o endereço, por favor?
O coração da questão está na ação.
São João, 12 de junho, às 19h30
Atenção: o prazo é amanhã.
R$ 1.234,56 serão devolvidos à cliente.
Ninguém põe a mão no fogo por alguém que não vê.
""",
    "Polish": r"""
Zażółć gęślą jaźń.
Proszę sprawdzić adres wysyłki klienta.
Łódź, Kraków i Gdańsk są w Polsce.
Zwrot pieniędzy nastąpi w ciągu 14 dni.
„Dzień dobry”, powiedział pan Wójcik.
Książka kosztuje 49,99 zł.
Ślimak, źdźbło, ćma i żółw
""",
    "Czech": r"""
Příliš žluťoučký kůň úpěl ďábelské ódy.
Objednávka číslo 8841 byla zrušena.
Děkujeme za vaši trpělivost.
Vrátíme vám 1\u00a0250\u00a0Kč na účet.
„Uvidíme,“ řekla paní Dvořáková.
Nejnovější verze je dostupná ke stažení.
""",
    "Turkish": r"""
Siparişiniz İstanbul'dan gönderildi.
Iğdır'da hava çok sıcak, İzmir'de ılık.
Lütfen müşteri adresini doğrulayın.
Güneş, çiçek, şeker ve öğretmen
Ücret iadesi on gün içinde yapılır.
ATATÜRK'ün ırmağı ve ışığı
""",
    "Vietnamese": r"""
Đơn hàng số 8841 đã được hoàn tiền.
Tiếng Việt có nhiều dấu thanh.
Vui lòng kiểm tra lại địa chỉ của khách hàng.
Tie\u0302\u0301ng Vie\u0323\u0302t vie\u0302\u0301t ro\u031b\u0300i
Hà Nội, Đà Nẵng và Thành phố Hồ Chí Minh
Cảm ơn bạn rất nhiều!
Phở bò ở đây ngon tuyệt.
""",
    "Russian": r"""
Возврат по заказу 8841 одобрен.
Проверьте, пожалуйста, адрес клиента.
Съешь же ещё этих мягких французских булок, да выпей чаю.
Файл README.md лежит в папке src/main.
Он написал «hello world» и закрыл IDE.
Новая IT-компания открыла офис в Москве.
Пришли мне SMSки и PDFку завтра.
Сумма составляет 1\u00a0250,00\u00a0₽.
Мы используем API и SDK версии 2.3.
Ошибка HTTP 404: страница не найдена
COVID-19 изменил всё.
Это сор, а то — рост: роса, оса, соха.
The Russian word «возврат» means a refund.
В MS Word и Excel всё работает.
""",
    "Ukrainian": r"""
Повернення коштів за замовлення №8841 схвалено.
Київ, Львів, Чернівці та Запоріжжя
Будь ласка, перевірте адресу клієнта.
Їжак з'їв ґудзик, а єнот — ні.
Користувач відкрив GitHub і зробив push.
Мій код написаний мовою Python.
""",
    "Bulgarian": r"""
Поръчката беше върната вчера.
Моля, проверете адреса на клиента.
София, Пловдив и Варна
Щъркелът яде жаби в езерото.
Сумата е 125,50 лв.
""",
    "Serbian": r"""
Захтев за повраћај новца је одобрен.
Љубав, њива, џеп и ђак
Београд и Нови Сад
Zahtev za povraćaj novca je odobren.
Molim vas, proverite adresu kupca.
""",
    "Greek": r"""
Η παραγγελία 8841 επιστράφηκε.
Παρακαλώ ελέγξτε τη διεύθυνση του πελάτη.
Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.
Το πρόγραμμα Python τρέχει στο Linux.
Η γωνία α είναι 30° και η β είναι 60°.
Ο χρήστης έκανε login στο σύστημα.
Ἐν ἀρχῇ ἦν ὁ λόγος.
Αθήνα, Θεσσαλονίκη και Πάτρα
""",
    "Armenian": r"""
Պատվերը վերադարձված է։
Խնդրում եմ ստուգել հասցեն։
Երևանը Հայաստանի մայրաքաղաքն է։
Բարև ձեզ, ինչպե՞ս եք։
""",
    "Georgian": r"""
შეკვეთა დაბრუნებულია.
გთხოვთ, შეამოწმოთ მისამართი.
თბილისი საქართველოს დედაქალაქია.
გამარჯობა, როგორ ხარ?
""",
    "Hebrew": r"""
ההזמנה הוחזרה אתמול.
אנא בדקו את כתובת הלקוח.
הסכום הוא 212.00 ₪ בלבד.
בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם
הוא כתב hello world\u200f ויצא.
\u200eC++\u200e היא שפת תכנות.
ירושלים, תל אביב וחיפה
שלום, מה שלומך?
""",
    "Arabic": r"""
تمت إعادة الطلب أمس.
يرجى التحقق من عنوان العميل.
المبلغ هو ٢١٢٫٠٠ ريال.
بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ
استخدم \u200eHTML\u200e وCSS في المشروع.
القاهرة والرياض ودبي
السلام عليكم، كيف حالك؟
رقم الهاتف: \u200e+966 50 123 4567
قال: «سنرى غدًا».
""",
    "Persian": r"""
می\u200cخواهم سفارش را پس بدهم.
لطفاً نشانی مشتری را بررسی کنید.
کتاب\u200cها و خانه\u200cهای ما
نمی\u200cدانم چه شده\u200cاست.
برنامه\u200cنویسی با Python آسان است.
مبلغ ۲۱۲٬۰۰۰ تومان پرداخت شد.
سلام، حال شما چطور است؟
""",
    "Urdu": r"""
آرڈر واپس کر دیا گیا ہے۔
براہ کرم پتے کی تصدیق کریں۔
لاہور اور کراچی پاکستان میں ہیں۔
آپ کیسے ہیں؟
""",
    "Hindi": r"""
ऑर्डर 8841 वापस कर दिया गया है।
कृपया ग्राहक का पता जाँचें।
क्\u200dषमा करें, यह संभव नहीं है।
नई दिल्ली और मुंबई
मैंने GitHub पर code भेजा।
श्रीमान्\u200cजी, नमस्ते।
₹1,25,000 का भुगतान हुआ।
हिन्दी में लिखना आसान है।
""",
    "Marathi": r"""
दर्\u200dया आणि तर्\u200dहा
ऑर्डर परत केली आहे.
कृपया पत्ता तपासा.
पुणे आणि नागपूर
""",
    "Bengali": r"""
অর্ডারটি ফেরত দেওয়া হয়েছে।
অনুগ্রহ করে ঠিকানা যাচাই করুন।
র\u200d্যাব ও র\u200d্যাম
ঢাকা ও কলকাতা
আমি বাংলায় গান গাই।
""",
    "Tamil": r"""
ஆர்டர் திரும்பப் பெறப்பட்டது.
முகவரியைச் சரிபார்க்கவும்.
சென்னை மற்றும் மதுரை
வணக்கம், எப்படி இருக்கிறீர்கள்?
""",
    "Telugu and Kannada": r"""
ఆర్డర్ తిరిగి ఇవ్వబడింది.
దయచేసి చిరునామాను తనిఖీ చేయండి.
ಆದೇಶವನ್ನು ಹಿಂತಿರುಗಿಸಲಾಗಿದೆ.
ದಯವಿಟ್ಟು ವಿಳಾಸವನ್ನು ಪರಿಶೀಲಿಸಿ.
""",
    "Malayalam": r"""
ഓർഡർ തിരികെ നൽകി.
അവന്\u200d വന്നു, അവള്\u200d പോയി.
ദയവായി വിലാസം പരിശോധിക്കുക.
""",
    "Sinhala": r"""
ශ්\u200dරී ලංකාව ලස්සනයි.
කරුණාකර ලිපිනය පරීක්ෂා කරන්න.
ප්\u200dරශ්නය විසඳා ඇත.
""",
    "Thai": r"""
คำสั่งซื้อ 8841 ได้รับการคืนเงินแล้ว
กรุณาตรวจสอบที่อยู่ของลูกค้า
สวัสดีครับ\u200bสบายดีไหม
กรุงเทพฯ และเชียงใหม่
น้ำแข็งกี่ก้อนก็ได้
""",
    "Lao, Khmer and Burmese": r"""
ສະບາຍດີ, ເຈົ້າສະບາຍດີບໍ?
ភ្នំពេញ\u200bជា\u200bរាជធានី
សូម\u200bពិនិត្យ\u200bអាសយដ្ឋាន
မြန်မာဘာသာစကား
ကျေးဇူးတင်ပါတယ်။
လျှော့ချ၍ လျှောက်လွှာတင်ပါ။
សូម\u200b\u200bអភ័យទោស
""",
    "Tibetan and Mongolian": r"""
བཀྲ་ཤིས་བདེ་ལེགས།
བསྒྲུབས་པ་དང་སྦྱོར་བ།
ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ\u180b
Монгол хэл дээр бичсэн.
""",
    "Chinese": r"""
订单8841已退款。
请核对客户的地址。
我买了一件T恤和3D打印机。
他说：“明天见！”
\u3000\u3000第一段从这里开始。
請確認付款金額為NT$1,250。
《红楼梦》共一百二十回
使用Python编写的API接口
葛\U000e0100城市
北京、上海和深圳
""",
    "Japanese": r"""
ご注文8841の返金が完了しました。
お客様の住所をご確認ください。
\u3000吾輩は猫である。
Tシャツとハンカチを買った。
APIサーバーのURLを変更する
渡辺と渡邉\U000e0100は別の字です。
ｶﾀｶﾅと全角ＡＢＣ１２３
「はい」と彼は言った……
東京都・大阪府・北海道
が、か\u3099、ぱ、は\u309a
LINEで連絡してください☺\ufe0f
""",
    "Korean": r"""
주문 8841이 환불되었습니다.
고객의 주소를 확인해 주세요.
안녕하세요, 잘 지내세요?
서울과 부산 사이의 KTX 열차
API를 호출하면 JSON을 반환합니다.
\u1112\u1161\u11ab\u1100\u1173\u11af을 풀어 쓴 글자
大韓民國의 漢字
""",
    "Amharic and Swahili": r"""
ትዕዛዙ ተመልሷል።
እባክዎ አድራሻውን ያረጋግጡ።
Agizo lako limerudishwa.
Tafadhali thibitisha anwani ya mteja.
""",
    "Nordic, Baltic, Hungarian, Romanian": r"""
Bestillingen er refundert i går.
Räksmörgås och blåbärssoppa på Åland
Þetta er íslenska: æ, ö, ð og þ.
Tellimus on tagastatud, tänan õpetajat.
Pasūtījums ir atmaksāts, lūdzu pārbaudiet.
Užsakymas grąžintas, ačiū už kantrybę.
Árvíztűrő tükörfúrógép
Comanda a fost returnată în județul Iași.
Tilaus on hyvitetty, kiitos kärsivällisyydestänne.
Għandek tiċċekkja l-indirizz tal-klijent.
Ïjzelmans' geïntegreerde coöperatie
""",
    "emoji": r"""
Great work! 👍👍🏽👏
We \u2764\ufe0f open source 🚀
Family: 👨\u200d👩\u200d👧\u200d👦 and friends 🧑🏾\u200d🤝\u200d🧑🏻
Astronaut 👩🏽\u200d🚀, judge 👨\u200d\u2696\ufe0f, pirate 🏴\u200d\u2620\ufe0f
Flags: 🇩🇪 🇯🇵 🇧🇷 🏳\ufe0f\u200d🌈
England 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f wins
Press 1\ufe0f\u20e3 or #\ufe0f\u20e3 to go on \u27a1\ufe0f
\u26a0\ufe0f Warning: deploy is frozen \u2744\ufe0f
\u2705 done \u274c failed \u2139\ufe0f see the log
She shrugged 🤷🏻\u200d\u2640\ufe0f and left \u2600\ufe0f
Copyright \u00a9\ufe0f 2024, trademark \u2122\ufe0f
\u260e\ufe0e is a text telephone
""",
    "trades": r"""
E = mc², Δt = 5 μs, R = 4.7 kΩ, α-helix, ρgh
∀x ∈ ℝ: ⌈x⌉ = −⌊−x⌋, ∑ᵢ xᵢ ≤ √n
The β-carotene and γ-rays, σ = 2.3, χ² test
H₂O, CO₂, 25 °C, 1½ cups, 3 × 4 ≠ 11
“Smart” quotes, ‘single’, em — en – dash… and • bullets
naïve café résumé façade jalapeño über coöperate
The ﬁrst ofﬁce ﬂoor
→ see § 4 ¶ 2 † note ‡
│ table │ ─┼─ ▲ ▼ ● ○ ◆
Ⅳ. Teil, № 5, ½ Liter, 100 ‰
git commit -m "fix: naïve parsing of “quotes”"
x = f"{naïve}"  # größer als 0
SELECT name FROM kunden WHERE straße = 'Hauptstr. 5'
Line one\r\nline two\r\n
\ufeffid;name;größe\r\n1;Äpfel;5\r\n
col1\tcol2\tüber
Москва (Moscow), Αθήνα (Athens), 東京 (Tokyo), القاهرة (Cairo)
“Добрый день” and “こんにちは” both greet you.
In Greek, “λόγος” means word; in Hebrew “דבר”.
Đặng Thị, Søren, Zoë, Łukasz, José, Jürgen, 李小龙, Владимир
""",
}


def sentences() -> list[tuple[str, str]]:
    """Language and sentence of every line."""
    return [
        (language, line.encode("ascii", "backslashreplace").decode("unicode_escape"))
        for language, block in _BY_LANGUAGE.items()
        for line in block.strip("\n").split("\n")
    ]
