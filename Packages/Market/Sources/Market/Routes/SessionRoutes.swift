import ContractKit
import DatabaseClient
import ExactTypes
import MarketContract
import ServiceKit
import SharedTypes

/// `/v1/exchanges/{exchange}/sessions` and `/v1/instruments/{instrument_id}/session`.
struct SessionRoutes {
    private typealias API = MarketAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListSessions.self, list)
        routes.read(API.FindSession.self, find)
    }

    @Sendable private func list(_ call: Call<API.ListSessions>) async throws -> API.ListSessions.Output {
        let page = try call.page(CalendarDay.self)
        let days = try DayPage(
            from: call.parameters.from ?? CalendarDay(utc: call.now), to: call.parameters.to,
            after: page.after)
        let rows = try await listSessions(
            of: call.parameters.exchange, from: days.first, to: days.last, limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(
            page.answer(rows) {
                API.Session(day: $0.day, opensAt: $0.opensAt, closesAt: $0.closesAt)
            } by: {
                $0.day
            })
    }

    @Sendable private func find(_ call: Call<API.FindSession>) async throws -> API.FindSession.Output {
        let state = try await findSession(
            of: call.parameters.instrumentID, for: call.user, at: call.now,
            on: database.acting(as: call.user.uuid))
        return .ok(
            API.SessionState(
                calendar: state.calendar, assumed: state.assumed.map(API.AssumedSessions.init),
                running: state.running.map(API.Session.init),
                lastCompleted: state.lastCompleted.map(API.Session.init),
                next: state.next.map(API.Session.init)))
    }
}

extension MarketAPI.Session {
    fileprivate init(_ session: TradingSessions.Session) {
        self.init(day: session.day, opensAt: session.opensAt, closesAt: session.closesAt)
    }
}

extension MarketAPI.AssumedSessions {
    /// What is assumed of an instrument without a calendar.
    init(_ assumption: TradingSessions.Assumption) {
        self =
            switch assumption {
            case .weekdays: .weekdays
            case .everyDay: .everyDay
            }
    }
}
