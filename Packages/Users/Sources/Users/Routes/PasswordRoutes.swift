import DatabaseClient
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

extension UsersModule {
    func addPasswordRoutes(to router: ServiceRouter) {
        router.post("/v1/users/me/password") { request, context in
            let principal = try context.user()
            let fields = try await Fields.body(of: request, context: context)
            let current = try fields.givenPassword("current_password")
            let new = try fields.newPassword("new_password")
            try fields.finish()
            return try await once(request, context, "changePassword", secrets: [current, new]) {
                transaction in
                try await changePassword(
                    of: principal, from: current, to: new, client: Client(request, context), on: transaction)
                return .noContent
            }
        }
        router.post("/v1/password-resets") { request, context in
            let fields = try await Fields.body(of: request, context: context)
            let email = try fields.string("email", length: 3...254)
            try fields.finish()
            try await requestPasswordReset(email: email, from: Client(request, context))
            return Response(status: .accepted)
        }
        router.post("/v1/password-resets/confirm") { request, context in
            let fields = try await Fields.body(of: request, context: context)
            let token = try fields.string("token", length: 1...200)
            let password = try fields.newPassword("new_password")
            try fields.finish()
            try await confirmPasswordReset(token, newPassword: password)
            return Response.noContent
        }
    }
}
