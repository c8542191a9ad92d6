import Foundation

/// The text of a file as a repository has it, whatever a checkout or an editor made of its line ends: with LF, and
/// without a byte order mark.
public enum SourceText {
    public static func read(_ path: String) throws -> String {
        normalised(try String(contentsOfFile: path, encoding: .utf8))
    }

    public static func normalised(_ text: String) -> String {
        // By scalars: as characters CR and LF are one, and a mark may be part of the first.
        let scalars = text.unicodeScalars
        let isMarked = scalars.first == "\u{FEFF}"
        guard isMarked || scalars.contains("\r") else { return text }
        var result = String.UnicodeScalarView()
        for scalar in scalars.dropFirst(isMarked ? 1 : 0) {
            if scalar == "\n", result.last == "\r" { result.removeLast() }
            result.append(scalar)
        }
        return String(result)
    }
}
