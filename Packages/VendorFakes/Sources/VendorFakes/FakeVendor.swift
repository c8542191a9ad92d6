/// A vendor that is stood in for: it answers in the documented form.
public protocol FakeVendor: Sendable {
    /// The answer to a request. Of the faults only those in the figures are its own; the server does the others.
    func answer(_ request: FakeRequest, fault: Fault?) -> FakeAnswer
}
