import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// Turns, over sequences that a seed determines, against what holds at every moment.
@Suite struct SendingTurnsTests {
    private static let limits = SendingTurns.Limits(total: 6, perUser: 2, perHost: 3)

    /// A sender without a network: users with work, some of it for hosts, and turns that end in any order.
    private struct World {
        struct Turn {
            let user: User.ID
            let hosts: Set<String>
        }

        var turns = SendingTurns(limits: limits)
        /// How many messages are due to each.
        var due: [User.ID: Int] = [:]
        var hosts: [User.ID: Set<String>] = [:]
        var running: [Turn] = []
        var sent: [User.ID] = []

        /// Begins every turn that may begin.
        mutating func begin() {
            while let user = turns.next() {
                let count = due[user] ?? 0
                let wanted = hosts[user] ?? []
                let admitted = count > 0 ? turns.enter(wanted) : []
                if count > 0, admitted.isEmpty, let host = wanted.min() {
                    turns.end(user, waitingFor: host)
                    continue
                }
                due[user] = max(0, count - 1)
                if count > 1 { turns.foundMore(user) }
                if count > 0 { sent.append(user) }
                running.append(Turn(user: user, hosts: admitted))
            }
        }

        mutating func end(_ index: Int) {
            let turn = running.remove(at: index)
            turns.leave(turn.hosts)
            turns.end(turn.user)
        }

        func check() {
            #expect(running.count == turns.turnCount && running.count <= limits.total)
            for (_, turns) in Dictionary(grouping: running, by: \.user) {
                #expect(turns.count <= limits.perUser)
            }
            for host in Set(running.flatMap(\.hosts)) {
                #expect(running.count { $0.hosts.contains(host) } <= limits.perHost)
            }
        }
    }

    @Test(arguments: Array(1...40) as [UInt64]) func anySequenceKeepsTheLimitsAndSendsAll(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let users = (0..<12).map { _ in User.ID(UUID()) }
        var world = World()
        for user in users where Bool.random(using: &random) {
            world.hosts[user] = Set(
                ["slack.example", "zapier.example", "own-\(user).example"].filter { _ in
                    Bool.random(using: &random)
                })
        }
        var total = 0
        for _ in 0..<400 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let user = users.randomElement(using: &random) ?? users[0]
                let count = Int.random(in: 1...20, using: &random)
                world.due[user, default: 0] += count
                total += count
            case 1: world.turns.add(users.filter { (world.due[$0] ?? 0) > 0 })
            default:
                if !world.running.isEmpty {
                    world.end(Int.random(in: 0..<world.running.count, using: &random))
                }
            }
            world.begin()
            world.check()
        }
        // Looks go on until nothing is due: no user is forgotten.
        while world.due.values.contains(where: { $0 > 0 }) || !world.running.isEmpty {
            world.turns.add(users.filter { (world.due[$0] ?? 0) > 0 })
            world.begin()
            world.check()
            guard !world.running.isEmpty else {
                Issue.record("users are due and none has a turn")
                return
            }
            world.end(Int.random(in: 0..<world.running.count, using: &random))
        }
        #expect(world.sent.count == total)
    }

    /// While one user has hundreds, and turns that never end, every other user has a turn at once.
    @Test func whoseTurnsHangKeepsNoOneWaiting() {
        let (busy, others) = (User.ID(UUID()), (0..<4).map { _ in User.ID(UUID()) })
        var world = World()
        world.due[busy] = 500
        world.turns.add([busy])
        world.begin()
        #expect(world.running.map(\.user) == [busy, busy])
        for other in others {
            world.due[other] = 1
            world.turns.add([busy, other])
            world.begin()
            #expect(world.running.last?.user == other)
        }
    }

    /// With all turns taken, who comes is next, and not behind all that is due to one user.
    @Test func usersTakeTurns() {
        var world = World()
        let users = (0..<5).map { _ in User.ID(UUID()) }
        for user in users { world.due[user] = 100 }
        world.turns.add(users)
        world.begin()
        let late = User.ID(UUID())
        world.due[late] = 1
        world.turns.add([late])
        for _ in 0..<users.count * Self.limits.perUser where !world.sent.contains(late) {
            world.end(0)
            world.begin()
        }
        #expect(world.sent.contains(late))
    }

    /// A host that does not answer takes its places and no more; a place that is free again goes to who waited longest.
    @Test func aHostHasSoManyPlaces() {
        var world = World()
        let users = (0..<6).map { _ in User.ID(UUID()) }
        for user in users {
            world.due[user] = 1
            world.hosts[user] = ["hangs.example"]
        }
        let other = User.ID(UUID())
        world.due[other] = 1
        world.turns.add(users + [other])
        world.begin()
        #expect(world.running.map(\.user) == Array(users.prefix(3)) + [other])
        world.end(0)
        world.begin()
        #expect(world.running.last?.user == users[3])
        // Being found again changes nothing for who waits for the host.
        world.turns.add(Array(users.suffix(2)))
        world.begin()
        #expect(world.running.count == 4)
    }
}

@Suite struct EndpointPauseTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func threeFailuresPauseAndEachFurtherOneLonger() {
        let pauses = (0...9).map { EndpointPause.end(after: $0, at: now)?.timeIntervalSince(now) }
        #expect(pauses == [nil, nil, nil, 60, 300, 1_800, 3_600, 3_600, 3_600, 3_600])
        #expect(EndpointPause.end(after: .max, at: now) == now + 3_600)
    }
}

@Suite struct WaitingLimitTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)  // 2027-01-15T08:00:00Z

    private func decide(
        _ channel: NotificationChannel, waiting: Int, isForced: Bool = false,
        _ decision: DeliveryDecision = .now
    ) -> DeliveryDecision {
        WaitingLimit.decide(
            decision, isForced: isForced, channel: channel, waiting: waiting, timeZone: .named("UTC"),
            now: now)
    }

    @Test func whatIsTooMuchIsCollectedOrSuppressedWithAReason() throws {
        let tomorrow = try CalendarDay(parsing: "2027-01-16")
        #expect(decide(.email, waiting: 99) == .now)
        #expect(decide(.email, waiting: 100) == .digest(.daily, tomorrow))
        #expect(decide(.email, waiting: 100, .deferred(until: now + 60)) == .digest(.daily, tomorrow))
        #expect(decide(.webhook, waiting: 99) == .now)
        #expect(decide(.webhook, waiting: 100) == .suppressed(.tooManyWaiting))
        #expect(decide(.inApp, waiting: 1_000) == .now)
        #expect(decide(.email, waiting: 1_000, .suppressed(.notWanted)) == .suppressed(.notWanted))
    }

    /// What concerns the user's security goes out while a hundred others wait, and is never lost by mail.
    @Test func whatIsForcedHasTwiceTheRoom() throws {
        #expect(decide(.email, waiting: 199, isForced: true) == .now)
        #expect(
            decide(.email, waiting: 200, isForced: true)
                == .digest(.daily, try CalendarDay(parsing: "2027-01-16")))
    }
}
