/// What a change does to a field that may be empty.
public enum Change<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The request leaves it out: it stays as it is.
    case keep
    /// The request says null: it becomes empty.
    case remove
    /// The request gives a value.
    case set(Value)

    /// The field after the change.
    public func applied(to old: Value?) -> Value? {
        switch self {
        case .keep: old
        case .remove: nil
        case .set(let value): value
        }
    }
}
