import Foundation

/// The commonest passwords of at least eight characters, in lower case: what guessing tries first.
///
/// Written from the patterns that published breach statistics agree on (keyboard walks, counting, names,
/// teams, seasons with a year); shorter ones are refused by their length. A check against a full breach
/// corpus would be stricter and needs a data set that Grove does not carry.
enum CommonPasswords {
    static let all = Set(
        list.split(whereSeparator: \.isWhitespace).map {
            String($0).precomposedStringWithCompatibilityMapping
        })

    private static let list = #"""
        !@#$%^&* !@#$%^&*() !@#$1234 !qaz2wsx 00000000 0000000000 01020304 01234567 012345678 0123456789
        098765432 0987654321 0p9o8i7u 1!2@3#4$ 10203040 102030405060 11111111 1111111111 11112222 11223344
        1122334455 112233445566 11223344a 11qqaazz 12121212 123123123 123123456 123321123 1234!@#$ 12341234
        12344321 123454321 1234554321 123456123 12345678 123456781 123456789 1234567890 12345678901
        123456789012 1234567891 12345678910 123456789a 123456789q 123456789z 12345678a 12345679 1234567a
        123456abc 123456qw 123456qwerty 12345qwert 12345qwerty 1234abcd 1234qwer 1234qwerty 123654789
        123abc123 123abcde 123qwe123 123qweasd 123qweasdzxc 13131313 147258369 147852369 159357456 159753456
        1a2b3c4d 1a2s3d4f 1passwor 1q2w3e4r 1q2w3e4r! 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qaz@wsx
        1qazxsw2 21212121 22222222 33333333 44444444 55555555 66666666 69696969 741852963 77777777 789456123
        789456123a 87654321 88888888 987654321 9876543210 99999999 a12345678 a123456789 a1b2c3d4 a1b2c3d4e5
        a1s2d3f4 aa123456 aa12345678 aaa11111 aaaaaaaa1 abc123!! abc12345 abc123456 abc123abc abcd1234
        abcd12345 abcde123 abcdef123 abcdefg1 abcdefg123 abcdefgh abcdefghi abcdefghij access14 admin123
        admin123! admin1234 admin12345 admin@123 adminadmin administrator administrator1 alexander alexandra
        america1 american android1 angel123 angel1234 anthony1 anything apollo11 apollo13 argentina arsenal1
        arsenal123 asdasdasd asdf1234 asdfasdf asdfg123 asdfg12345 asdfgh123 asdfghjk asdfghjkl asdfghjkl1
        asdfghjkl; asdfjkl; asdfqwer assassin asshole1 australia australia1 autumn123 autumn2024 autumn2025
        azerty12 azerty123 azertyui azertyuiop baby1234 babyboy1 babygirl babygirl1 bailey123 bangladesh
        barcelona barcelona1 baseball baseball1 baseball123 basketball basketball1 batman123 bayern123
        benfica1 benjamin berlin123 bigdaddy bitcoin1 bitcoin123 black123 blahblah blahblah1 blessed1
        blessing blink182 blue1234 blueberry bonjour1 bonjour123 brasil123 brokerage bullshit buster123
        butterfly butterfly1 california camaro123 canada123 carolina caroline cash1234 celtic123 champion
        champion1 changeme changeme1 changeme123 changethis charlie1 charlie123 charlotte cheesecake
        chelsea1 chelsea123 chevrolet chocolate chocolate1 chouchou christ123 christopher cisco123 colombia
        colombia1 computer computer1 contrasena contraseña cookie123 cooper123 corazon1
        correcthorsebatterystaple corvette counterstrike cowboys1 crypto123 crystal1 cupcake1 danielle
        december december1 default1 demo1234 demodemo diamond1 dolphins dortmund doudou123 dragon12
        dragon123 dragonball drowssap drowssap1 eagles12 elephant elizabeth emerald1 enterprise enterprise1
        espana123 estrella ethereum everton1 facebook facebook1 faithful february february1 fernando
        ferrari1 fighter1 firefox1 flower123 football football1 football12 football123 forever1 forever21
        fortnite fortnite1 france123 francesca freedom1 freedom123 friday123 frodo123 fuckoff1 fuckyou!
        fuckyou1 fuckyou123 gabriela galaxy123 gamer123 gaming123 gandalf1 garfield germany1 ginger123
        gladiator god12345 godisgood godisgreat golden123 google123 green123 greenday grove123 grovegrove
        guest123 guest1234 hacker123 hallelujah hallo123 hallo1234 harley123 hasło123 heaven123 hello123
        hello1234 hellohello helloworld hobbit123 hunter12 hunter123 iloveher ilovehim iloveu123 iloveyou
        iloveyou! iloveyou1 iloveyou123 iloveyou2 india123 indonesia infinity instagram internet internet1
        investing investor iphone123 isabella isabelle italia123 january1 jennifer jennifer1 jessica1
        jesus123 jesus777 jesuschrist jetaime1 jetaime123 jonathan jordan123 jordan23 joshua123 jupiter1
        juventus juventus1 kangaroo katherine kawasaki killer123 lakers24 letmein! letmein1 letmein12
        letmein123 letmein2 liberty1 lightning linkinpark linux123 liverpool liverpool1 liverpool123
        lkjhgfdsa login123 login1234 loginlogin london123 london2012 loulou123 love1234 love12345 lovelove
        loveme123 lovers123 loveyou1 loveyou123 maggie123 manchester manunited margaret mariokart mariposa
        marshmallow master123 mastermaster matrix123 matthew1 maverick mercedes mercedes1 mercury1 metallica
        metallica1 mexico123 michael1 michael123 michelle michelle1 microsoft midnight million1 millionaire
        minecraft minecraft1 mnbvcxz1 mnbvcxzlkj monday123 money123 money1234 moneymoney monkey12 monkey123
        monkey1234 moonlight motdepasse motdepasse1 motherfucker mustang1 mylove123 mypassword mypassword1
        mysql123 naruto123 newpassword newyork1 newyork123 nicholas ninja123 nintendo nintendo1 nothing1
        november november1 october1 oracle123 orange123 p@$$w0rd p@ssw0rd p@ssword pa$$word pa55word
        packers1 pakistan pakistan1 paris123 parola123 passw0rd password password! password01 password1
        password1! password11 password12 password123 password123! password1234 password12345 password2
        password2020 password2021 password2022 password2023 password2024 password2025 password2026 password3
        password99 passwort passwort1 passwort123 patricia patriots pepper123 phantom1 philippines phoenix1
        pikachu1 pineapple pink1234 platinum playboy1 player123 playstation playstation1 poiuytre poiuytrewq
        pokemon1 pokemon12 pokemon123 porsche1 porsche911 portfolio portfolio1 portugal postgres postgres1
        predator princesa princesa1 princess princess1 princess123 private1 purple123 pussy123 q1w2e3r4
        q1w2e3r4t5 q1w2e3r4t5y6 qazqazqaz qazwsx123 qazwsxed qazwsxedc qwaszx123 qwe123qwe qweasd123
        qweasdzx qweasdzxc qweqweqwe qwer1234 qwerasdf qwert123 qwert12345 qwerty!@ qwerty00 qwerty12
        qwerty123 qwerty123! qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyui qwertyuio qwertyuiop
        qwertyuiop1 qwertyuiop123 qwertz123 qwertzui qwertzuiop rainbow1 ranger123 rangers1 raspberry
        realmadrid red12345 redsox12 rich1234 roblox123 rocky123 root1234 rootroot russia123 samantha
        samsung1 samsung123 samurai1 savings1 schatz123 scooby123 secret123 secret1234 secretsecret security
        security1 senha123 september september1 sexy1234 sexyboy1 sexygirl shadow12 shadow123 silver123
        skittles skywalker slipknot slipknot1 snickers snoopy123 softball soldier1 soleil123 something
        sommer123 sonic123 spartan117 spiderman spiderman1 spring123 spring2024 spring2025 startrek
        startrek1 starwars starwars1 steelers steelers1 stephanie strawberry summer123 summer2020 summer2021
        summer2022 summer2023 summer2024 summer2025 sunday123 sunflower sunshine sunshine1 sunshine123
        superman superman1 superman123 teamo123 temp1234 temporary temppass tequiero tequieromucho
        terminator test123! test1234 test12345 tester123 testing1 testing123 testtest testtest1 tetris123
        thunder1 thunderbird tigger123 tinkerbell together toor1234 topsecret trading1 trading123 trustno1
        trustnoone twilight twitter1 ubuntu123 ukraine1 universe user1234 useruser vader123 valentina
        vampire1 veronica victoria victoria1 wachtwoord wachtwoord1 wallet123 warrior1 warriors watermelon
        welcome! welcome01 welcome1 welcome1! welcome12 welcome123 welcome2 whatever whatever1 white123
        windows1 windows10 winter123 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025
        wizard123 xbox1234 yamaha123 yankees1 yellow123 yoda1234 youtube1 zaq12wsx zaq1xsw2 zaq1zaq1
        zeldazelda zxcasdqwe zxcvasdf zxcvb123 zxcvbn123 zxcvbnm, zxcvbnm,./ zxcvbnm1 zxcvbnm123
        """#
}
