import ExactTypes
import StrictJSON

/// What a tier gives. Each kind is known to the program: a reward that nobody could hand over is refused when
/// it is written, not when it is claimed.
enum Reward: Hashable, Sendable {
    /// Points for the ledger.
    case experience(Int)
    /// Something to show, by its code.
    case badge(String)
    /// A look of the app, by its code.
    case theme(String)

    private enum Kind: String, CaseIterable { case experience, badge, theme }

    /// Reads a reward as it is stored; throws naming the member at fault.
    init(parsing text: String) throws(FieldError) {
        var fields = try ObjectReader(parsing: text)
        switch try fields.enumeration("kind", Kind.self) {
        case .experience: self = .experience(try fields.int("amount", in: 1...1_000_000))
        case .badge: self = .badge(try fields.code("code"))
        case .theme: self = .theme(try fields.code("code"))
        }
        try fields.finish()
    }

    /// The reward as it is stored.
    var json: String {
        switch self {
        case .experience(let amount): #"{"kind":"experience","amount":\#(amount)}"#
        case .badge(let code): #"{"kind":"badge","code":"\#(code)"}"#
        case .theme(let code): #"{"kind":"theme","code":"\#(code)"}"#
        }
    }
}
