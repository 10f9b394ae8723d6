// The app that owns the container, and its siblings; see owner.py, which says the same in Python.

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.concurrent.thread
import org.vestibule.sdk.DeviceKey
import org.vestibule.sdk.HttpAnswer
import org.vestibule.sdk.HttpHeader
import org.vestibule.sdk.HttpRequest
import org.vestibule.sdk.KeyStore
import org.vestibule.sdk.Network
import org.vestibule.sdk.PlatformException
import org.vestibule.sdk.SecretStore

/** It answers for its store, and signs with the container's key, which nobody is given. */
class Owner(private val store: SecretStore, private val keys: KeyStore) {
    private val server = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val asked = ConcurrentLinkedQueue<String>()
    @Volatile private var refuses = false

    init {
        thread(isDaemon = true) { while (true) server.accept().use(::serve) }
    }

    /** What the test says to the owner itself. */
    fun told(told: Map<String, String>) {
        told["refuse"]?.let { refuses = it == "true" }
        say("port" to server.localPort.toString(), "asked" to generateSequence { asked.poll() }.toList())
    }

    private fun serve(way: Socket) {
        val words = way.inputStream.bufferedReader().readLine()?.split(" ") ?: return
        val answer = if (refuses) "!" else answer(words[0], words.drop(1).map { it.hexToByteArray() })
        way.outputStream.write("$answer\n".toByteArray())
    }

    private fun answer(word: String, values: List<ByteArray>): String {
        asked.add(word)
        val name = values[0].decodeToString()
        return when (word) {
            "get" -> store.get(name)?.let { "+" + it.encodeToByteArray().toHexString() } ?: "-"
            "public" -> "+" + keys.open(name).publicKey().toHexString()
            "sign" -> "+" + keys.open(name).sign(values[1]).toHexString()
            else -> {
                when (word) {
                    "put" -> store.put(name, values[1].decodeToString())
                    "remove" -> store.remove(name)
                    "forget" -> keys.forget(name)
                }
                "-"
            }
        }
    }
}

/** The way to the owner. */
class Siblings(private val port: Int) {
    fun ask(word: String, vararg values: ByteArray): ByteArray? {
        val said = try {
            Socket(InetAddress.getLoopbackAddress(), port).use { way ->
                way.outputStream.write("${(listOf(word) + values.map { it.toHexString() }).joinToString(" ")}\n".toByteArray())
                way.inputStream.bufferedReader().readLine()
            }
        } catch (gone: IOException) { null } ?: throw PlatformException.Failed("the owning app is not there")
        if (said == "!") throw PlatformException.Failed("the owning app refuses")
        return if (said.startsWith("+")) said.drop(1).hexToByteArray() else null
    }
}

class Container(private val way: Siblings) : SecretStore {
    override fun get(name: String): String? = way.ask("get", name.encodeToByteArray())?.decodeToString()
    override fun put(name: String, secret: String) { way.ask("put", name.encodeToByteArray(), secret.encodeToByteArray()) }
    override fun remove(name: String) { way.ask("remove", name.encodeToByteArray()) }
}

class ContainerKey(private val way: Siblings, name: String) : DeviceKey {
    private val name = name.encodeToByteArray()
    override fun publicKey(): ByteArray = way.ask("public", name)!!
    override fun sign(message: ByteArray): ByteArray = way.ask("sign", name, message)!!
}

class ContainerKeys(private val way: Siblings) : KeyStore {
    override fun open(name: String): DeviceKey = ContainerKey(way, name)
    override fun forget(name: String) { way.ask("forget", name.encodeToByteArray()) }
}

/** The app's own network: no redirects, no cookies. */
class Net : Network {
    private val client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).version(HttpClient.Version.HTTP_1_1).build()
    override fun send(request: HttpRequest): HttpAnswer {
        val body = request.body?.let { java.net.http.HttpRequest.BodyPublishers.ofString(it) } ?: java.net.http.HttpRequest.BodyPublishers.noBody()
        val asked = java.net.http.HttpRequest.newBuilder(URI(request.url)).method(request.method, body)
        request.headers.forEach { asked.header(it.name, it.value) }
        val answer = try {
            client.send(asked.build(), BodyHandlers.ofByteArray())
        } catch (error: IOException) {
            throw PlatformException.Failed(error.toString())
        }
        val headers = answer.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        return HttpAnswer(answer.statusCode().toUShort(), headers, answer.body())
    }
}
