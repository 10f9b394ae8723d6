// An app on the generated Kotlin, for the test; see app.py, which says the same in Python.

import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.runBlocking
import org.vestibule.sdk.AndroidAttester
import org.vestibule.sdk.App
import org.vestibule.sdk.Asked
import org.vestibule.sdk.Browser
import org.vestibule.sdk.Decision
import org.vestibule.sdk.DeviceKey
import org.vestibule.sdk.Ending
import org.vestibule.sdk.KeyStore
import org.vestibule.sdk.Platform
import org.vestibule.sdk.SecretStore
import org.vestibule.sdk.Settings
import org.vestibule.sdk.SignIn
import org.vestibule.sdk.VestibuleException

class Store : SecretStore {
    private val secrets = ConcurrentHashMap<String, String>()
    override fun get(name: String): String? = secrets[name]
    override fun put(name: String, secret: String) { secrets[name] = secret }
    override fun remove(name: String) { secrets.remove(name) }
}

class Key : DeviceKey {
    private val pair = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
    override fun publicKey(): ByteArray = pair.public.encoded
    override fun sign(message: ByteArray): ByteArray = Signature.getInstance("SHA256withECDSA").run {
        initSign(pair.private)
        update(message)
        sign()
    }
}

class Keys : KeyStore {
    private val keys = ConcurrentHashMap<String, DeviceKey>()
    override fun open(name: String): DeviceKey = keys.getOrPut(name) { Key() }
    override fun forget(name: String) { keys.remove(name) }
    fun put(name: String, key: DeviceKey) { keys[name] = key }
}

/** A phone whose maker is the test's (maker.py). */
class Attester(private val keys: Keys) : AndroidAttester {
    override fun makeKey(name: String, challenge: ByteArray): List<ByteArray> {
        val key = Key()
        val maker = Regex("\"([^\"]*)\"").findAll(System.getenv("VESTIBULE_MAKER")).map { it.groupValues[1] }.toList()
        val said = ProcessBuilder(maker + key.publicKey().toHexString() + challenge.toHexString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start().inputReader().readText().trim()
        keys.put(name, key)
        return listOf(said.hexToByteArray())
    }
}

class Shown : Browser {
    override fun open(address: String) = say("open" to address)
}

fun say(vararg members: Pair<String, Any?>) = println(members.joinToString(",", "{", "}") { (name, value) -> "\"$name\":${json(value)}" })

fun json(value: Any?): String = when (value) {
    null, is Boolean -> value.toString()
    is List<*> -> value.joinToString(",", "[", "]") { json(it) }
    else -> "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\""
}

/** The members of a flat object without escapes, which is all that the test says. */
fun members(line: String): Map<String, String> =
    Regex("\"(\\w+)\":(?:\"([^\"]*)\"|(true|false))").findAll(line).associate { it.groupValues[1] to it.groupValues[2] + it.groupValues[3] }

var asked: Asked? = null

suspend fun act(app: App, told: Map<String, String>) {
    when (told["do"]) {
        "sign-in" -> app.signIn(SignIn())
        "begin" -> return say("address" to app.begin(SignIn(through = told["through"]), told.getValue("redirect_uri")))
        "finish" -> app.finish(told.getValue("redirected"))
        "credentials" -> {
            val credentials = app.credentials("GET", "https://api.example.com/notes")
            return say("authorization" to credentials.authorization, "dpop" to credentials.dpop)
        }
        "register" -> app.registerDevice("A phone")
        "asked" -> {
            val request = app.asked(told.getValue("link"), "en")
            asked = request
            return say("client" to request.client().name, "scopes" to request.scopes().map { it.words })
        }
        "answer" -> {
            val decision = if (told["allow"] == "true") Decision.Allow else Decision.Deny
            return say("redirect_to" to app.answer(asked!!, decision))
        }
        "sign-out" -> app.signOut(Ending.THIS_APP)
    }
    say("signed_in" to app.isSignedIn(), "subject" to app.subject())
}

fun main() = runBlocking {
    val told = members(readln())
    val settings = Settings(issuer = told.getValue("issuer"), clientId = told.getValue("client_id"), scope = told.getValue("scope"))
    val keys = Keys()
    val app = App(settings, Platform(own = Store(), keys = keys, androidAttester = Attester(keys), browser = Shown()))
    while (true) {
        val line = readlnOrNull() ?: break
        try {
            act(app, members(line))
        } catch (refused: VestibuleException.Refused) {
            say("error" to "Refused", "code" to refused.code)
        } catch (error: VestibuleException) {
            say("error" to error::class.simpleName)
        }
    }
}
