import DatabaseClient
import ExactTypes
import GroveFactories
import SharedTypes
import Testing

@testable import Loans

@Suite struct LoanRoundTripTests {
    /// From the wish to the last payment, through the statements that the module runs.
    @Test func aLoanIsAppliedForPaidOutAndPaidBack() async throws {
        try await withRoundTrip("loans_service") { trip in
            let loan = try await paidOut(trip)
            let days = [try CalendarDay(parsing: "2026-02-05"), try CalendarDay(parsing: "2026-03-05")]
            try await trip.mine.insertInstalments(
                [(1, 2), (2, 1)].map { number, interest in
                    NewInstalment(
                        number: number, dueOn: days[number - 1], principal: FixedDecimal(250),
                        interest: FixedDecimal(interest), fees: .zero, principalPaid: .zero,
                        interestPaid: .zero, feesPaid: .zero)
                }, userID: trip.user, loanID: loan.id, scheduleVersion: 1, now: trip.now)
            for (number, interest) in [(1, 2), (2, 1)] {
                let paid = try await trip.mine.insertPayment(
                    userID: trip.user, loanPaymentID: trip.id(), loanID: loan.id, source: .manual,
                    requestKey: "payment\(number)", valueDate: days[number - 1],
                    amount: FixedDecimal(250 + interest), principal: FixedDecimal(250),
                    interest: FixedDecimal(interest), fees: .zero, now: trip.now)
                #expect(paid.amount == FixedDecimal(250 + interest))
                let settled = try await trip.mine.payInstalment(
                    principalPaid: FixedDecimal(250), interestPaid: FixedDecimal(interest),
                    feesPaid: .zero, paidAt: trip.now, now: trip.now, userID: trip.user, loanID: loan.id,
                    scheduleVersion: 1, number: number)
                #expect(settled == 1)
            }
            let schedule = try await trip.mine.listInstalments(
                userID: trip.user, loanID: loan.id, scheduleVersion: 1)
            #expect(schedule.map(\.dueOn) == days)
            #expect(schedule.allSatisfy { $0.paidAt != nil })
            let closed = try await trip.mine.closeLoan(
                status: .paidOff, outstanding: .zero, accruedInterest: .zero, now: trip.now,
                userID: trip.user, loanID: loan.id)
            #expect(closed?.status == .paidOff)
            #expect(closed?.openCollateralID == nil && closed?.openBorrowerID == nil)
            let found = try await trip.mine.findLoan(userID: trip.user, loanID: loan.id)
            #expect(found == closed)
            let strangers = try await trip.strangers.findLoan(userID: trip.user, loanID: loan.id)
            #expect(strangers == nil)
        }
    }

    @Test func theSamePaymentCountsOnce() async throws {
        try await withRoundTrip("loans_service") { trip in
            let loan = try await paidOut(trip)
            func pay() async throws {
                _ = try await trip.mine.insertPayment(
                    userID: trip.user, loanPaymentID: trip.id(), loanID: loan.id, source: .automatic,
                    requestKey: "debit1", valueDate: try CalendarDay(parsing: "2026-02-05"),
                    amount: FixedDecimal(10), principal: FixedDecimal(9), interest: FixedDecimal(1),
                    fees: .zero, now: trip.now)
            }
            try await pay()
            let error = await #expect(throws: DatabaseError.self) { try await pay() }
            #expect(error.flatMap(LoansError.init) == .alreadyPaid)
        }
    }

    @Test func aDraftIsChangedAndThrownAway() async throws {
        try await withRoundTrip("loans_service") { trip in
            let draft = try await draft(trip)
            let deleted = try await trip.mine.deleteLoanApplication(
                userID: trip.user, loanApplicationID: draft.id)
            let found = try await trip.mine.findLoanApplication(
                userID: trip.user, loanApplicationID: draft.id)
            #expect(deleted == 1)
            #expect(found == nil)
        }
    }

    private func draft(_ trip: RoundTrip) async throws -> LoanApplicationRow {
        let product = try await trip.factory.make("loans.loan_products")
        return try await trip.mine.insertLoanApplication(
            userID: trip.user, loanApplicationID: trip.id(), productID: LoanProduct.ID(try product.uuid()),
            amount: FixedDecimal(500), currency: .usd, termMonths: 2, purpose: "A bicycle",
            collateralPortfolioID: try trip.portfolio.uuid(), now: trip.now)
    }

    private func paidOut(_ trip: RoundTrip) async throws -> LoanRow {
        let application = try await draft(trip)
        _ = try await trip.mine.submitLoanApplication(
            now: trip.now, userID: trip.user, loanApplicationID: application.id)
        let decided = try await trip.mine.decideLoanApplication(
            status: .approved, now: trip.now, decidedBy: "operator", reason: nil, userID: trip.user,
            loanApplicationID: application.id)
        #expect(decided?.status == .approved)
        let loan = try await trip.mine.insertLoan(
            userID: trip.user, loanID: trip.id(), applicationID: application.id,
            productID: application.productID, principal: application.amount, currency: .usd,
            annualRate: FixedDecimal(6), termMonths: 2, dayCount: .act365f,
            collateralPortfolioID: application.collateralPortfolioID.uuid, now: trip.now)
        let paidOut = try await trip.mine.disburseLoan(
            now: trip.now, day: try CalendarDay(parsing: "2026-01-05"),
            maturesOn: try CalendarDay(parsing: "2026-03-05"), userID: trip.user, loanID: loan.id)
        #expect(paidOut?.outstanding == FixedDecimal(500))
        return try #require(paidOut)
    }
}
