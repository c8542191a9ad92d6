/// Names of types that generated code, or SharedTypes and ExactTypes beneath it, write alone: another type of the name
/// would win over them.
public enum SwiftNames {
    /// Who has a type, or a module, of this name; nil where nobody is in the way.
    public static func owner(of name: String) -> String? {
        if modules.contains(name) { return "the module of that name" }
        return types.first { $0.value.contains(name) }?.key
    }

    /// Whether ExactTypes declares a type of this name. Within a row, where a nested struct may have the name,
    /// generated code writes it with its module.
    public static func isExactType(_ name: String) -> Bool { exactTypes.contains(name) }

    private static let modules = words("DatabaseClient ExactTypes Foundation SharedTypes Swift")

    private static let exactTypes = words(
        """
        ArithmeticError CalendarDay Currency Entity ExchangeRate FieldError FixedDecimal Identifier Money ParseError
        Quantity
        """)

    private static let types = [
        "Swift": words(
            """
            Any AnyObject Array AsyncSequence AsyncThrowingMapSequence Bool CaseIterable Character Codable CodingKey
            Comparable CustomStringConvertible Decodable Decoder Dictionary Double Encodable Encoder Equatable Error
            Float Hashable Hasher Int Int8 Int16 Int32 Int64 Int128 KeyPath LosslessStringConvertible Never Optional
            Protocol Range RawRepresentable Result Self Sendable Sequence Set StaticString String Substring Task Type
            UInt UInt8 UInt16 UInt32 UInt64 UInt128 Unicode Void
            """),
        "Foundation": words("Calendar Data Date DateComponents Decimal Locale TimeZone UUID"),
        "DatabaseClient": words(
            """
            CopyRows Database DatabaseTransaction ElementType Parameters QueryExecutor QueryResult Row RowCopying RowStream
            RowStreaming Statement UserScope
            """),
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
