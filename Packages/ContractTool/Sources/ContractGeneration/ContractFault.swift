/// What the tool does not take, where it stands, and what to do about it.
public struct ContractFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The document, as `Packages/Market/openapi.yaml`.
    public let file: String
    /// The line, the first being 1.
    public let line: Int
    /// What is wrong and what to do, in a sentence.
    public let message: String

    /// As compilers write it, so that editors find the place.
    public var description: String { "\(file):\(line): \(message)" }
}
