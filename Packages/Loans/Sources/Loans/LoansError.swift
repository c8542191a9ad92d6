import DatabaseClient

/// Why Loans does not do what it is asked.
enum LoansError: Error, Equatable {
    /// There is no such thing that the user may see: "loan", "application".
    case notFound(String)
    /// Another product has the code.
    case codeTaken
    /// The application has its loan.
    case alreadyLent
    /// The request paid before.
    case alreadyPaid
    /// The day has its interest.
    case alreadyAccrued
    /// The level has an open episode.
    case alreadyOpen
    /// Nobody decides on their own application.
    case selfDecided
    /// An open loan is secured by the portfolio, or owed by the user.
    case collateralBound
}

extension LoansError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation ?? error.checkViolation ?? error.foreignKeyViolation {
        case "loan_products_code_key": self = .codeTaken
        case "loans_application_key": self = .alreadyLent
        case "loan_payments_request_key": self = .alreadyPaid
        case "loan_accruals_pkey": self = .alreadyAccrued
        case "collateral_events_open_key": self = .alreadyOpen
        case "loan_applications_decided_by_check": self = .selfDecided
        case "loans_open_collateral_fkey", "loans_open_borrower_fkey": self = .collateralBound
        default: return nil
        }
    }
}
