extension Currency {
    /// The currencies in use, with their minor units: list one of ISO 4217 as of 2026.
    ///
    /// Left out are the codes of funds (CHE, UYI …), metals (XAU …), accounting units (XDR …) and tests (XXX,
    /// XTS): nobody settles cash in them. Gold is held as an instrument that is priced in a currency.
    static let minorUnitsByCode: [String: Int] = {
        var minorUnits: [String: Int] = [:]
        for (decimals, codes) in codesByMinorUnits {
            for code in codes.split(whereSeparator: \.isWhitespace) { minorUnits[String(code)] = decimals }
        }
        return minorUnits
    }()

    private static let codesByMinorUnits: [(decimals: Int, codes: String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (
            2,
            """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
            COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
            IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR
            MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
            SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES
            WST XCD XCG YER ZAR ZMW ZWG
            """
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
    ]
}
