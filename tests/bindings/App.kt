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
import org.vestibule.sdk.Joined
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
    null, is Boolean, is ULong -> value.toString()
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
        "join" -> {
            val joined = told["redirect_uri"]?.let { app.joinOrBegin(it) } ?: app.join()
            val address = (joined as? Joined.MustAsk)?.address
            return say("joined" to joined::class.simpleName!!.replace(Regex("\\B[A-Z]"), "_$0").uppercase(), "address" to address)
        }
        "credentials" -> {
            val credentials = app.credentials("GET", told["url"] ?: "https://api.example.com/notes")
            return say("authorization" to credentials.authorization, "dpop" to credentials.dpop)
        }
        "register" -> app.registerDevice("A phone")
        "asked" -> {
            val request = app.asked(told.getValue("link"), "en")
            asked = request
            return say("client" to request.client().name, "scopes" to request.scopes().map { it.words })
        }
        "answer" -> {
            val only = told["only"]?.let { Decision.AllowOnly(listOf(it)) }
            val decision = only ?: if (told["allow"] == "true") Decision.Allow else Decision.Deny
            return say("redirect_to" to app.answer(asked!!, decision))
        }
        "hand-off" -> {
            val (client, target) = told.getValue("client") to told["target"]
            val handOff = if (told["by_key"] == "true") app.handOffByKey(client, target) else app.handOff(client, target)
            return say("url" to handOff.url, "number" to handOff.number, "expires_in" to handOff.expiresIn)
        }
        "answer-hand-off" -> return say("address" to app.answerHandOff(told.getValue("link")))
        "sign-out" -> app.signOut(if (told["every"] == "true") Ending.EVERY_APP else Ending.THIS_APP)
    }
    say("signed_in" to app.isSignedIn(), "subject" to app.subject())
}

fun main() = runBlocking {
    val told = members(readln())
    val (issuer, clientId) = told.getValue("issuer") to told.getValue("client_id")
    val settings = Settings(issuer = issuer, clientId = clientId, scope = told.getValue("scope"), resource = told["resource"])
    val (keys, owned) = Keys() to (Store() to Keys())
    val plain = Platform(own = Store(), keys = keys, androidAttester = Attester(keys), browser = Shown())
    val way = told["container"]?.toIntOrNull()?.let { Siblings(it) }
    val platform = when {
        told["container"] == "own" -> plain.copy(shared = owned.first, containerKeys = owned.second)
        way != null -> {
            val sign = if (told["own_key"] == "true") Keys() else ContainerKeys(way)
            plain.copy(shared = Container(way), containerKeys = sign, network = Net())
        }
        else -> plain
    }
    val app = App(settings, platform)
    val owner = Owner(owned.first, owned.second)
    while (true) {
        val line = readlnOrNull() ?: break
        val word = members(line)
        try {
            if (word.getValue("do") == "own") owner.told(word) else act(app, word)
        } catch (refused: VestibuleException.Refused) {
            say("error" to "Refused", "code" to refused.code)
        } catch (failed: VestibuleException.Platform) {
            say("error" to "Platform", "reason" to failed.reason)
        } catch (error: VestibuleException) {
            say("error" to error::class.simpleName)
        }
    }
}
