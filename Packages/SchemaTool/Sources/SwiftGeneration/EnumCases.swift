import SchemaAnalysis

/// The labels of an enum as cases in Swift.
enum EnumCases {
    /// A name for each label. Those that would share one, as `A+` and `A-`, are spelled out, sign by sign.
    static func names(of labels: [String]) -> [String] {
        let plain = labels.map(plain)
        let counts = Dictionary(grouping: plain, by: \.self).mapValues(\.count)
        return zip(labels, plain).map { label, name in
            if reserved.contains(name) { return "\(name)Label" }
            if label.isEmpty { return "empty" }
            return name.isEmpty || counts[name, default: 0] > 1 ? spelled(label) : name
        }
    }

    /// Why the labels cannot be cases of one enum.
    static func fault(of labels: [String]) -> String? {
        // Strings in Swift are equal where they look the same, however they are composed.
        if Set(labels).count < labels.count {
            return "two of its labels are one text in Swift, which tells no composition of characters apart"
        }
        let names = names(of: labels)
        let taken = Dictionary(grouping: labels.indices) { names[$0] }.filter { $0.value.count > 1 }
        guard let (name, indices) = taken.min(by: { $0.key < $1.key }) else { return nil }
        let both = indices.map { SwiftLiteral.string(labels[$0]) }.joined(separator: " and ")
        return "its labels \(both) would both be the case \(name)"
    }

    /// What the enum has of its own.
    private static let reserved: Set<String> = ["allCases"]

    /// `transfer_in` → `transferIn`; a label that begins with a digit is led by `value`.
    private static func plain(_ label: String) -> String {
        let words = label.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        guard let first = words.first else { return "" }
        return led(
            first.prefix(1).lowercased() + first.dropFirst()
                + words.dropFirst().map { Naming.capitalisedFirst($0) }.joined())
    }

    /// `A+` → `capitalAPlusSign`.
    private static func spelled(_ label: String) -> String {
        var name = ""
        var isBehindSign = false
        for (index, scalar) in label.unicodeScalars.enumerated() {
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if isPlain {
                if index == 0, scalar.properties.isUppercase { name += "Capital" }
                name += isBehindSign ? String(scalar).uppercased() : String(scalar)
            } else if let words = scalar.properties.name {
                name += words.split { !$0.isLetter && !$0.isNumber }
                    .map { Naming.capitalisedFirst($0.lowercased()) }.joined()
            } else {
                name += "U" + String(scalar.value, radix: 16, uppercase: true)
            }
            isBehindSign = !isPlain
        }
        return led(name.prefix(1).lowercased() + name.dropFirst())
    }

    private static func led(_ name: String) -> String {
        name.first?.isNumber ?? false ? "value\(name)" : name
    }
}
