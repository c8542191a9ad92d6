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
            let client = Client(request, context)
            return try await once(request, context, "changePassword", secrets: [current, new], from: client) {
                try await preparePasswordChange(of: principal, from: current, to: new, client: client)
            } work: { change, transaction in
                try await changePassword(of: principal, change, on: transaction)
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
            try await confirmPasswordReset(token, newPassword: password, from: Client(request, context))
            return Response.noContent
        }
    }
}
