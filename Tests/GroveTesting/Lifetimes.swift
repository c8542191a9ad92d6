/// How long a process lives that dies over and over, each time at random. The longest life grows with each death, so that
/// on any machine one is long enough for some of the work.
public struct Lifetimes: Sendable {
    private var longestMilliseconds: Int

    /// The first life ends after so many milliseconds at most.
    public init(upTo milliseconds: Int) { longestMilliseconds = milliseconds }

    /// The next life, of 20 milliseconds at least.
    public mutating func next() -> Duration {
        longestMilliseconds += longestMilliseconds / 10
        return .milliseconds(Int.random(in: 20...longestMilliseconds))
    }
}
