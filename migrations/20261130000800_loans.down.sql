-- Loses every row of loans.loan_products, loans.loan_applications, loans.loans, loans.loan_instalments,
-- loans.loan_payments, loans.loan_accruals, loans.collateral_events.

DROP TABLE loans.collateral_events;
DROP TABLE loans.loan_accruals;
DROP TABLE loans.loan_payments;
DROP TABLE loans.loan_instalments;
DROP TABLE loans.loans;
DROP TABLE loans.loan_applications;
DROP TABLE loans.loan_products;
DROP TYPE loans.collateral_level;
DROP TYPE loans.payment_source;
DROP TYPE loans.loan_status;
DROP TYPE loans.loan_application_status;
DROP TYPE loans.loan_product_status;
DROP TYPE loans.day_count;
DROP SCHEMA loans;
