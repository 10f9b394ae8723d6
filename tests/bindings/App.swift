// An app on the generated Swift; see app.py, which says the same in Python. No Swift compiler is at hand where the tests usually
// run: there swift_syntax.py reads it, and swift_names.py holds each name of the generated code to be there, with its labels.

import CryptoKit
import Foundation
import Security

final class Store: SecretStore, @unchecked Sendable {
    private let lock = NSLock()
    private var secrets: [String: String] = [:]
    func get(name: String) throws -> String? { lock.withLock { secrets[name] } }
    func put(name: String, secret: String) throws { lock.withLock { secrets[name] = secret } }
    func remove(name: String) throws { lock.withLock { secrets[name] = nil } }
}

/// What the apps of one team share: items of an access group, which each has among its `keychain-access-groups`.
final class Keychain: SecretStore {
    private let group: String
    init(group: String) { self.group = group }

    func get(name: String) throws -> String? {
        var found: CFTypeRef?
        let status = SecItemCopyMatching(item(name, [kSecReturnData: true]), &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let data = found as? Data else { throw failed(status) }
        return String(decoding: data, as: UTF8.self)
    }

    func put(name: String, secret: String) throws {
        let accessible = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        let value: [CFString: Any] = [kSecValueData: Data(secret.utf8), kSecAttrAccessible: accessible]
        var status = SecItemUpdate(item(name), value as CFDictionary)
        if status == errSecItemNotFound { status = SecItemAdd(item(name, value), nil) }
        guard status == errSecSuccess else { throw failed(status) }
    }

    func remove(name: String) throws {
        let status = SecItemDelete(item(name))
        guard status == errSecSuccess || status == errSecItemNotFound else { throw failed(status) }
    }

    private func item(_ name: String, _ more: [CFString: Any] = [:]) -> CFDictionary {
        let item: [CFString: Any] = [
            kSecClass: kSecClassGenericPassword, kSecUseDataProtectionKeychain: true, kSecAttrAccessGroup: group,
            kSecAttrService: "org.vestibule.samples", kSecAttrAccount: name,
        ]
        return item.merging(more) { $1 } as CFDictionary
    }

    private func failed(_ status: OSStatus) -> PlatformError { PlatformError.Failed(reason: "the keychain says \(status)") }
}

final class Key: DeviceKey {
    private let key = P256.Signing.PrivateKey()
    func publicKey() throws -> Data { key.publicKey.x963Representation }
    func sign(message: Data) throws -> Data { try key.signature(for: message).derRepresentation }
}

final class Keys: KeyStore, @unchecked Sendable {
    private let lock = NSLock()
    private var keys: [String: Key] = [:]
    func open(name: String) throws -> DeviceKey {
        lock.withLock {
            let key = keys[name] ?? Key()
            keys[name] = key
            return key
        }
    }
    func forget(name: String) throws { lock.withLock { keys[name] = nil } }
}

/// A system that does not attest, as macOS.
final class Attester: AppleAttester {
    func attest(clientDataHash: Data) throws -> Data? { nil }
}

final class Shown: Browser {
    func open(address: String) throws { say(["open": address]) }
}

/// The app's own network: no redirects, no cookies.
final class Session: NSObject, Network, URLSessionTaskDelegate, @unchecked Sendable {
    func send(request: HttpRequest) throws -> HttpAnswer {
        var asked = URLRequest(url: URL(string: request.url)!)
        asked.httpMethod = request.method
        asked.httpBody = request.body.map { Data($0.utf8) }
        for header in request.headers { asked.setValue(header.value, forHTTPHeaderField: header.name) }
        let done = DispatchSemaphore(value: 0)
        var answer: Result<HttpAnswer, PlatformError> = .failure(PlatformError.Failed(reason: "nothing came"))
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
        session.dataTask(with: asked) { data, response, error in
            if let response = response as? HTTPURLResponse {
                let headers = response.allHeaderFields.map { HttpHeader(name: "\($0)", value: "\($1)") }
                answer = .success(HttpAnswer(status: UInt16(response.statusCode), headers: headers, body: data ?? Data()))
            } else if let error {
                answer = .failure(PlatformError.Failed(reason: error.localizedDescription))
            }
            done.signal()
        }.resume()
        done.wait()
        session.finishTasksAndInvalidate()
        return try answer.get()
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

typealias Members = [String: Any]

func say(_ members: Members) {
    let line = try! JSONSerialization.data(withJSONObject: members)
    FileHandle.standardOutput.write(line + Data("\n".utf8))
}

func orNull(_ value: Any?) -> Any { value ?? NSNull() }

struct Told {
    let members: Members
    init?(line: String?) {
        guard let line, let read = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? Members else { return nil }
        members = read
    }
    func text(_ member: String) -> String? { members[member] as? String }
    func needed(_ member: String) -> String { text(member) ?? "" }
    func says(_ member: String) -> Bool { members[member] as? Bool ?? false }
}

/// What another app asks, while the person looks at it.
final class Seen {
    var asked: Asked?
}

func act(_ app: App, _ told: Told, _ seen: Seen) async throws -> Members {
    switch told.needed("do") {
    case "sign-in":
        try await app.signIn(signIn: SignIn())
    case "begin":
        let signIn = SignIn(through: told.text("through"))
        return ["address": try await app.begin(signIn: signIn, redirectUri: told.needed("redirect_uri"))]
    case "finish":
        try await app.finish(redirected: told.needed("redirected"))
    case "join":
        return joined(try await app.join())
    case "join-or-begin":
        return joined(try await app.joinOrBegin(redirectUri: told.needed("redirect_uri")))
    case "credentials":
        let credentials = try await app.credentials(method: "GET", url: told.text("url") ?? "https://api.example.com/notes")
        return ["authorization": credentials.authorization, "dpop": orNull(credentials.dpop)]
    case "register":
        try await app.registerDevice(name: "A Mac")
    case "asked":
        let asked = try await app.asked(link: told.needed("link"), languages: "en")
        seen.asked = asked
        return ["client": asked.client().name, "scopes": asked.scopes().map { $0.words }]
    case "answer":
        guard let asked = seen.asked else { return ["error": "nothing was asked"] }
        var decision = told.says("allow") ? Decision.allow : Decision.deny
        if let only = told.text("only") { decision = Decision.allowOnly(scopes: [only]) }
        return ["redirect_to": try await app.answer(asked: asked, decision: decision)]
    case "hand-off":
        let (client, target) = (told.needed("client"), told.text("target"))
        let handOff: HandOff
        if told.says("by_key") {
            handOff = try await app.handOffByKey(clientId: client, targetLinkUri: target)
        } else {
            handOff = try await app.handOff(clientId: client, targetLinkUri: target)
        }
        return ["url": handOff.url, "number": orNull(handOff.number), "expires_in": handOff.expiresIn]
    case "answer-hand-off":
        return ["address": try await app.answerHandOff(link: told.needed("link"))]
    case "sign-out":
        try await app.signOut(ending: told.says("every") ? Ending.everyApp : Ending.thisApp)
    default:
        break
    }
    return ["signed_in": try await app.isSignedIn(), "subject": orNull(try await app.subject())]
}

func joined(_ joined: Joined) -> Members {
    switch joined {
    case .signedIn: return ["joined": "SIGNED_IN", "address": NSNull()]
    case .nobody: return ["joined": "NOBODY", "address": NSNull()]
    case .mustAsk(let address): return ["joined": "MUST_ASK", "address": orNull(address)]
    }
}

@main
struct Main {
    static func main() async throws {
        guard let told = Told(line: readLine()) else { return }
        let settings = Settings(
            issuer: told.needed("issuer"), clientId: told.needed("client_id"), scope: told.needed("scope"),
            resource: told.text("resource"))
        // The container's key lies in the access group, too, where nothing else is said of it.
        let shared = told.text("access_group").map { Keychain(group: $0) }
        let platform = Platform(
            own: Store(), shared: shared, keys: Keys(), appleAttester: Attester(), browser: Shown(), network: Session())
        let (app, seen) = (App(settings: settings, platform: platform), Seen())
        while let word = Told(line: readLine()) {
            do {
                say(try await act(app, word, seen))
            } catch VestibuleError.Refused(let code, _, _) {
                say(["error": "Refused", "code": code])
            } catch VestibuleError.Platform(let reason) {
                say(["error": "Platform", "reason": reason])
            } catch {
                say(["error": String(String(describing: error).prefix { $0 != "(" })])
            }
        }
    }
}
