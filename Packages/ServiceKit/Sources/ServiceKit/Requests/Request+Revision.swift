import ContractKit
import HTTPTypes
import Hummingbird

extension Request {
    /// Throws 412 where If-Match is present and does not name this revision: the client has seen another
    /// state.
    public func requireMatch(revision: Int) throws(Problem) {
        guard let tags = tags(.ifMatch) else { return }
        // If-Match compares strongly: a weak tag (W/"3") never matches.
        guard tags.contains("*") || tags.contains(ETag(revision: revision).description) else {
            throw .preconditionFailed
        }
    }

    /// Whether If-None-Match names this tag.
    func isNotModified(entityTag tag: String) -> Bool {
        guard let tags = tags(.ifNoneMatch) else { return false }
        return tags.contains("*") || tags.contains(tag) || tags.contains("W/" + tag)
    }

    private func tags(_ name: HTTPField.Name) -> Set<String>? {
        guard let value = headers[name] else { return nil }
        return Set(value.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map(trimmed))
    }

    private func trimmed(_ text: Substring) -> String {
        String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
}
