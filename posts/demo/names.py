"""Names of fictional people, in many languages and scripts."""

import unicodedata
from random import Random
from typing import NamedTuple

# Letters that Unicode does not decompose into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "þ": "th",
     "Þ": "Th", "ð": "d", "ə": "e", "Ə": "E", "œ": "oe", "'": "", "’": "", " ": "", "-": ""}
)  # fmt: skip
NON_LATIN_SHARE = 0.45  # of the names that have a spelling in another script


class Name(NamedTuple):
    """A name as displayed, and in ASCII letters for a username."""

    first: str
    last: str
    ascii_first: str
    ascii_last: str


# First names and last names in Latin letters.
_LATIN = (
    (
        "Amelia Ben Chloe Daniel Ella Finn Grace Harry Isla Jack Lily Max Nora Oscar Poppy Ruby Theo Zoe",
        "Archer Bennett Carter Dawson Ellis Fletcher Grant Holloway Ingram Kerr Lawson Marsh Norris Pearce Quinn Rowe",
    ),
    (
        "Aoife Cian Niamh Seán Siobhán Oisín Róisín Eoin Caoimhe Tadhg",
        "Breathnach Byrne Caomhánach Devlin Doyle Kavanagh Nugent Síoda",
    ),
    (
        "Adaeze Babatunde Chidi Folasade Ifeoma Kelechi Ngozi Olumide Temitọpẹ Tunde Uche Yewande",
        "Adeyemi Balogun Chukwu Eze Okafor Okonkwo Ọlátúnjí Nwosu Ogunleye Abiọla",
    ),
    (
        "Kwame Akua Kofi Abena Yaw Efua Wanjikũ Otieno Achieng Baraka Zawadi Tendai",
        "Mensah Owusu Boateng Asante Kamau Odhiambo Njoroge Mwangi Moyo Ncube",
    ),
    (
        "Alejandro Begoña Íñigo Lucía Martín Nuria Raúl Sofía Ximena Andrés Belén Joaquín Mónica",
        "Álvarez Castaño Domínguez Fernández Gutiérrez Ibáñez Jiménez López Muñoz Núñez Peña Quiñones Vázquez",
    ),
    (
        "Ana Caetano Flávia Inês João Lourenço Mônica Otávio Tomás Vitória Antônio Luísa",
        "Araújo Brandão Conceição Figueirôa Gonçalves Leitão Magalhães Moção Sá Simões",
    ),
    (
        "Adèle Benoît Chloé Éloïse François Gaëlle Hélène Jérôme Loïc Maëlys Noémie Théo",
        "Béranger Chénier Delacroix Fournier Gérard Lefèvre Marchand Poirier Rousseau Saint-Clair",
    ),
    (
        "Anneke Björn Jörg Käthe Lars Mareike Niklas Sören Tjark Ulrike Femke Jürgen",
        "Bäcker Großmann Hübner Köhler Müller Schröder Weiß Vogel Jäger",
    ),
    (
        "Åsa Bjørn Freja Håkon Ingrid Jónas Kåre Liv Þóra Søren Øyvind Sigríður",
        "Ångström Bjørnstad Blöndal Hansen Lindqvist Møller Nygård Sørensen Ødegård Þormar",
    ),
    (
        "Agnieszka Bartłomiej Elżbieta Grzegorz Jędrzej Łukasz Małgorzata Paweł Żaneta Zofia",
        "Dąbek Gąsior Kaczmarek Łukasik Mączka Nowak Śliwa Wójcik Żak Źrebiec",
    ),
    (
        "Bára Čeněk Eliška Jiří Kateřina Luboš Ondřej Šárka Vojtěch",
        "Janů Kočí Krejčí Martinů Pavlů Petrů Šerých",
    ),
    (
        "Ayşe Barış Çağla Deniz Emre Gökçe İlker Nilüfer Oğuz Şule Umut Yağmur",
        "Aydın Çelik Doğan Güneş Işık Kılıç Özdemir Şahin Yıldız Toprak",
    ),
    (
        "Anh Bảo Chi Đức Giang Hằng Khánh Linh Mỹ Ngọc Phương Thảo Tuấn",
        "Bùi Đặng Đỗ Hồ Lê Ngô Nguyễn Phạm Trần Vũ",
    ),
    (
        "Adi Bayu Citra Dewi Eka Fajar Gita Indah Kartika Putri Rangga Sari",
        "Hidayat Kusuma Lestari Nugroho Pratama Santoso Setiawan Wibowo Wijaya Utami",
    ),
)

# First names and last names in another script, each followed by its spelling in Latin letters.
_OTHER = (
    (
        "ليلى Layla|يوسف Yusuf|مريم Maryam|عمر Omar|نور Nour|كريم Karim|سلمى Salma|زيد Zaid|هدى Huda|طارق Tariq",
        "الخطيب Khatib|حداد Haddad|منصور Mansour|الزين Zein|ناصر Nasser|قاسم Qasim|سليمان Suleiman|الشامي Shami",
    ),
    (
        "علی Ali|زهرا Zahra|رضا Reza|پریسا Parisa|آرش Arash|نیلوفر Niloufar|کیان Kian|شیرین Shirin",
        "رضایی Rezaei|حسینی Hosseini|کریمی Karimi|احمدی Ahmadi|مرادی Moradi|تهرانی Tehrani",
    ),
    (
        "小明 Xiaoming|美玲 Meiling|伟 Wei|雅婷 Yating|浩然 Haoran|静 Jing|子涵 Zihan|欣怡 Xinyi|"
        "宇轩 Yuxuan|晓雯 Xiaowen",
        "王 Wang|李 Li|张 Zhang|陈 Chen|林 Lin|黄 Huang|周 Zhou|吴 Wu|赵 Zhao|徐 Xu|孙 Sun",
    ),
    (
        "陽菜 Hina|蓮 Ren|さくら Sakura|大輝 Daiki|結衣 Yui|翔太 Shota|美咲 Misaki|健太 Kenta|あおい Aoi",
        "佐藤 Sato|鈴木 Suzuki|高橋 Takahashi|田中 Tanaka|山本 Yamamoto|中村 Nakamura|小林 Kobayashi|森 Mori",
    ),
    (
        "민준 Minjun|서연 Seoyeon|지우 Jiwoo|하은 Haeun|도윤 Doyun|수빈 Subin|예준 Yejun|유나 Yuna",
        "김 Kim|이 Lee|박 Park|최 Choi|정 Jung|강 Kang|윤 Yoon|한 Han",
    ),
    (
        "Анна Anna|Дмитрий Dmitri|Екатерина Ekaterina|Михаил Mikhail|Ольга Olga|Иван Ivan|Наталья Natalya|Тимур Timur",
        "Черных Chernykh|Седых Sedykh|Мороз Moroz|Жук Zhuk|Соловей Solovey|Долгих Dolgikh|Сорока Soroka",
    ),
    (
        "Оксана Oksana|Тарас Taras|Ярина Yaryna|Богдан Bohdan|Соломія Solomiya|Андрій Andriy|Леся Lesya",
        "Шевчук Shevchuk|Коваль Koval|Бондар Bondar|Мельник Melnyk|Гриценко Hrytsenko|Лисенко Lysenko",
    ),
    (
        "आरव Aarav|दिया Diya|ईशान Ishaan|मीरा Meera|रोहन Rohan|अनन्या Ananya|कबीर Kabir|प्रिया Priya|वेद Ved|सुनीता Sunita",
        "शर्मा Sharma|वर्मा Verma|गुप्ता Gupta|सिंह Singh|पटेल Patel|जोशी Joshi|मेहता Mehta|यादव Yadav",
    ),
    (
        "তানিয়া Tania|রাহুল Rahul|নুসরাত Nusrat|অর্ণব Arnab|সুমাইয়া Sumaiya|ইমরান Imran|মিতা Mita",
        "হোসেন Hossain|চৌধুরী Chowdhury|রহমান Rahman|দাস Das|সরকার Sarkar|আহমেদ Ahmed",
    ),
    (
        "கவிதா Kavitha|அருண் Arun|மீனா Meena|கார்த்திக் Karthik|லட்சுமி Lakshmi|விஜய் Vijay",
        "முருகன் Murugan|சுப்பிரமணியம் Subramaniam|ராஜன் Rajan|குமார் Kumar|நாதன் Nathan",
    ),
    (
        "Ελένη Eleni|Νίκος Nikos|Μαρία Maria|Γιώργος Giorgos|Δήμητρα Dimitra|Κώστας Kostas|Ιωάννα Ioanna",
        "Γεωργίου Georgiou|Νικολάου Nikolaou|Αντωνίου Antoniou|Αγγέλου Angelou|Δημητρίου Dimitriou",
    ),
    (
        "נועם Noam|תמר Tamar|איתן Eitan|יעל Yael|אורי Ori|שירה Shira|דניאל Daniel",
        "לוי Levi|כהן Cohen|מזרחי Mizrahi|פרץ Peretz|גולן Golan|שלום Shalom",
    ),
    (
        "นิดา Nida|ก้อง Kong|มะลิ Mali|สมชาย Somchai|ฟ้า Fah|อารีย์ Aree",
        "ใจดี Jaidee|แสงทอง Saengthong|วงศ์ไทย Wongthai|ศรีสุข Srisuk",
    ),
    (
        "ნინო Nino|გიორგი Giorgi|მარიამ Mariam|ლუკა Luka|თამარ Tamar",
        "ბერიძე Beridze|კაპანაძე Kapanadze|ლომიძე Lomidze|მაისურაძე Maisuradze",
    ),
    (
        "ሰላም Selam|ዳዊት Dawit|ሄለን Helen|ዮናስ Yonas|ማርታ Marta",
        "ተስፋዬ Tesfaye|በቀለ Bekele|ግርማ Girma|ከበደ Kebede",
    ),
)


def to_ascii(text: str) -> str:
    """Return `text` without accents, spaces or punctuation, or "" if it has no Latin letters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())


def draw_name(rng: Random) -> Name:
    """Return a random name. Each language is equally likely."""
    first_names, last_names, is_latin = rng.choice(_LANGUAGES)
    (first, ascii_first), (last, ascii_last) = rng.choice(first_names), rng.choice(last_names)
    if not is_latin and rng.random() > NON_LATIN_SHARE:
        first, last = ascii_first, ascii_last
    return Name(first, last, ascii_first, ascii_last)


def _parse_latin(names):
    return [(name, to_ascii(name)) for name in names.split()]


def _parse_other(pairs):
    return [tuple(pair.split()) for pair in pairs.split("|")]


_LANGUAGES = [(_parse_latin(first), _parse_latin(last), True) for first, last in _LATIN] + [
    (_parse_other(first), _parse_other(last), False) for first, last in _OTHER
]
