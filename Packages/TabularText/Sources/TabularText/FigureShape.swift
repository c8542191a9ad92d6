import ExactTypes

/// A figure as it is written, before it is decided which of its marks stands before the decimals.
struct FigureShape {
    enum Mark: Hashable {
        case point, comma, space, apostrophe

        init?(_ scalar: Unicode.Scalar) {
            switch scalar {
            case ".": self = .point
            case ",": self = .comma
            // Also no-break space, thin space, and the narrow no-break space that French has.
            case " ", "\u{A0}", "\u{2009}", "\u{202F}": self = .space
            case "'", "\u{2019}": self = .apostrophe
            default: return nil
            }
        }
    }

    /// The most digits of which the first is not zero.
    private static let maximumDigits = 38

    private(set) var isNegative = false
    /// What stands beside the figure: "$", "EUR"; empty where nothing does.
    private(set) var currency = ""
    /// All digits as one number.
    private(set) var digits: UInt128 = 0
    private(set) var exponent = 0
    private var hasExponent = false
    private var beginsWithZero = false
    /// How many digits stand before, between and behind the marks.
    private var lengths = [0]
    private var marks: [Mark] = []

    private static let malformed = ParseError(reason: "is not a number")

    init(_ text: String) throws(ParseError) {
        let scalars = Substring(text).unicodeScalars
        guard let start = Self.start(of: scalars) else {
            throw text.isEmpty ? ParseError(reason: "is empty") : Self.malformed
        }
        var rest = scalars.suffix(from: start)
        try readDigits(&rest)
        readExponent(&rest)
        try readSurroundings(before: scalars.prefix(upTo: start), behind: rest)
    }

    /// The first digit, or the mark directly before it. The point of an abbreviation, as in "Fr.5", is none.
    private static func start(of scalars: Substring.UnicodeScalarView) -> Substring.Index? {
        var previous: (scalar: Unicode.Scalar, index: Substring.Index)?
        var beforePrevious: Unicode.Scalar?
        for (index, scalar) in zip(scalars.indices, scalars) {
            if isDigit(scalar) {
                guard let mark = previous, mark.scalar == "." || mark.scalar == ",",
                    beforePrevious?.properties.isAlphabetic != true
                else { return index }
                return mark.index
            }
            beforePrevious = previous?.scalar
            previous = (scalar, index)
        }
        return nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private mutating func readDigits(_ rest: inout Substring.UnicodeScalarView) throws(ParseError) {
        var significant = 0
        while let scalar = rest.first {
            if Self.isDigit(scalar) {
                let digit = UInt128(scalar.value - 48)
                if lengths == [0] { beginsWithZero = digit == 0 && marks.isEmpty }
                if significant > 0 || digit > 0 { significant += 1 }
                guard significant <= Self.maximumDigits else {
                    throw ParseError(reason: "has more than \(Self.maximumDigits) digits")
                }
                digits = digits * 10 + digit
                if let last = lengths.popLast() { lengths.append(last + 1) }
            } else if let mark = Mark(scalar) {
                // A space or an apostrophe behind which no digit comes is no part of the figure.
                let isSeparator = mark == .space || mark == .apostrophe
                if isSeparator, rest.dropFirst().first.map(Self.isDigit) != true { return }
                marks.append(mark)
                lengths.append(0)
            } else {
                return
            }
            rest = rest.dropFirst()
        }
    }

    /// "e-05" directly behind the digits. What only begins so is left for a currency, as in "5EUR".
    private mutating func readExponent(_ rest: inout Substring.UnicodeScalarView) {
        guard let letter = rest.first, letter == "e" || letter == "E" else { return }
        var text = rest.dropFirst()
        let sign = text.first
        if sign == "-" || sign == "+" || sign == "\u{2212}" { text = text.dropFirst() }
        let written = text.prefix(5).prefix(while: Self.isDigit)
        guard (1...4).contains(written.count) else { return }
        let value = written.reduce(0) { $0 * 10 + Int($1.value - 48) }
        exponent = sign == "-" || sign == "\u{2212}" ? -value : value
        hasExponent = true
        rest = text.dropFirst(written.count)
    }

    private mutating func readSurroundings(
        before: Substring.UnicodeScalarView, behind: Substring.UnicodeScalarView
    ) throws(ParseError) {
        var behind = behind
        // "100.-" is how Swiss prices write that there are no decimals.
        if lengths.last == 0, !marks.isEmpty, let dash = behind.first,
            Self.isMinus(dash) || dash == "\u{2014}"
        {
            behind = behind.dropFirst()
        }
        var (front, signs, opened) = ("", 0, 0)
        for scalar in before where Mark(scalar) != .space {
            switch scalar {
            case "(": opened += 1
            case "+": signs += 1
            case _ where Self.isMinus(scalar):
                signs += 1
                isNegative = true
            default: front.unicodeScalars.append(scalar)
            }
        }
        var (back, closed) = ("", 0)
        for scalar in behind where Mark(scalar) != .space {
            switch scalar {
            case ")": closed += 1
            case "%", "\u{2030}": throw ParseError(reason: "is a percentage")
            case _ where Self.isMinus(scalar):
                signs += 1
                isNegative = true
            case _ where Self.isDigit(scalar): throw Self.malformed
            default: back.unicodeScalars.append(scalar)
            }
        }
        guard signs + opened <= 1, opened == closed, front.isEmpty || back.isEmpty || front == back else {
            throw Self.malformed
        }
        if opened == 1 { isNegative = true }
        currency = front.isEmpty ? back : front
    }

    /// The hyphen, the minus sign, and the dash that some programs write for it.
    private static func isMinus(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "\u{2212}" || scalar == "\u{2013}"
    }

    /// How many of the digits are decimals where this mark stands before them; nil where the figure cannot be
    /// read so.
    func decimals(behind decimalMark: FigureFormat.DecimalMark) -> Int? {
        let mark: Mark = decimalMark == .point ? .point : .comma
        var (groups, separators, decimals) = (lengths.dropFirst(0), marks.dropFirst(0), 0)
        if separators.last == mark {
            decimals = groups.popLast() ?? 0
            _ = separators.popLast()
        }
        guard let separator = separators.first else { return lengths.reduce(0, +) > 0 ? decimals : nil }
        // What is left separates thousands: with one mark, from a first digit that is not zero, in groups of
        // three, or as India writes, in groups of two before the last.
        guard !hasExponent, !beginsWithZero, separator != mark, separators.allSatisfy({ $0 == separator }),
            let first = groups.popFirst(), let last = groups.popLast(), first > 0, last == 3
        else { return nil }
        let isInThrees = first <= 3 && groups.allSatisfy { $0 == 3 }
        let isIndian = separator == .comma && first <= 2 && groups.allSatisfy { $0 == 2 }
        return isInThrees || isIndian ? decimals : nil
    }
}
