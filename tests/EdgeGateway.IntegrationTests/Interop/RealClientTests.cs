using System.Globalization;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Interop;

/// <summary>Clients that people use, over every transport they have: a round trip at each QoS, a retained message, a will where the client makes it easy.</summary>
public sealed class RealClientTests
{
    [Theory]
    [InlineData("mqttv31", false)]
    [InlineData("mqttv311", false)]
    [InlineData("mqttv5", false)]
    [InlineData("mqttv311", true)]
    [InlineData("mqttv5", true)]
    public async Task Mosquitto_PublishesAndSubscribes(string version, bool tls)
    {
        await using var device = await Device.StartAsync();
        string[] where = tls
            ? ["-h", "localhost", "-p", Text(device.Gateway.MqttsPort), "--cafile", device.Ca, "--cert", device.Certificate, "--key", device.Key]
            : ["-h", "127.0.0.1", "-p", Text(device.Gateway.MqttPort)];
        foreach (var qos in (string[])["0", "1", "2"])
        {
            (await Programs.RunAsync("mosquitto_pub", [.. where, "-V", version, "-i", tls ? "device" : "pub", "-q", qos, "-r", "-t", $"interop/{qos}", "-m", $"hello {qos}"])).Succeeded();
            var heard = (await Programs.RunAsync("mosquitto_sub", [.. where, "-V", version, "-i", tls ? "device" : "sub", "-q", qos, "-t", $"interop/{qos}", "-C", "1", "-W", "20", "-F", "%q %r %p"])).Succeeded();
            Assert.Equal($"{qos} 1 hello {qos}", heard.Output.Trim());
        }
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tls")]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task Paho_RoundTrips(string transport)
    {
        const string script = """
            import os, sys, threading
            import paho.mqtt.client as mqtt
            transport = sys.argv[1]
            got, done = [], threading.Event()
            def make(version):
                name = "device" if transport in ("tls", "wss") else "paho"
                kind = "websockets" if transport in ("ws", "wss") else "tcp"
                try:
                    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION1, client_id=name, protocol=version, transport=kind)
                except AttributeError:
                    client = mqtt.Client(client_id=name, protocol=version, transport=kind)
                if transport in ("tls", "wss"):
                    client.tls_set(os.environ["CA"], os.environ["CERT"], os.environ["KEY"])
                if kind == "websockets":
                    client.ws_set_options(path="/mqtt")
                return client
            port = int(os.environ[{"tcp": "MQTT_PORT", "tls": "MQTTS_PORT", "ws": "HTTP_PORT", "wss": "HTTPS_PORT"}[transport]])
            for version in (mqtt.MQTTv311, mqtt.MQTTv5):
                got.clear(); done.clear()
                client = make(version)
                def on_message(c, u, m):
                    got.append((m.topic, m.qos, m.payload.decode()))
                    if len(got) == 3: done.set()
                client.on_message = on_message
                client.on_connect = lambda c, *rest: c.subscribe("paho/#", 2)
                client.on_subscribe = lambda c, *rest: [c.publish("paho/%d" % q, "m%d" % q, q) for q in (0, 1, 2)]
                client.connect("localhost", port, 30)
                client.loop_start()
                assert done.wait(30), "only %r came" % got
                client.loop_stop(); client.disconnect()
                assert sorted(got) == [("paho/%d" % q, q, "m%d" % q) for q in (0, 1, 2)], got
            print("ok")
            """;
        await using var device = await Device.StartAsync();
        Assert.Equal("ok", (await Programs.RunAsync("/usr/bin/python3", ["-c", script, transport], device.Environment())).Succeeded().Output.Trim());
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("mqtts")]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task MqttJs_RoundTrips(string protocol)
    {
        const string script = """
            const mqtt = require('mqtt'), fs = require('fs');
            const protocol = process.env.PROTOCOL;
            const port = process.env[{ mqtt: 'MQTT_PORT', mqtts: 'MQTTS_PORT', ws: 'HTTP_PORT', wss: 'HTTPS_PORT' }[protocol]];
            const secure = protocol === 'mqtts' || protocol === 'wss';
            const tls = secure ? { ca: fs.readFileSync(process.env.CA), cert: fs.readFileSync(process.env.CERT), key: fs.readFileSync(process.env.KEY) } : {};
            async function round(protocolVersion) {
              const client = await mqtt.connectAsync(`${protocol}://localhost:${port}${protocol.startsWith('ws') ? '/mqtt' : ''}`,
                { ...tls, protocolVersion, clientId: secure ? 'device' : 'js', reconnectPeriod: 0, wsOptions: tls });
              const got = [];
              const done = new Promise(resolve => client.on('message', (topic, payload, packet) => { got.push(`${topic} ${packet.qos} ${payload}`); if (got.length === 3) resolve(); }));
              await client.subscribeAsync('js/#', { qos: 2 });
              for (const qos of [0, 1, 2]) await client.publishAsync(`js/${qos}`, `m${qos}`, { qos });
              await done;
              await client.endAsync();
              if (got.sort().join() !== 'js/0 0 m0,js/1 1 m1,js/2 2 m2') throw new Error(got.join());
            }
            round(4).then(() => round(5)).then(() => console.log('ok'), error => { console.error(error); process.exit(1); });
            """;
        await using var device = await Device.StartAsync();
        var environment = device.Environment();
        environment["PROTOCOL"] = protocol;
        Assert.Equal("ok", (await Programs.NodeAsync(script, environment)).Succeeded().Output.Trim());
    }

    [Theory]
    [InlineData("tcp", MqttProtocolVersion.V310)]
    [InlineData("tcp", MqttProtocolVersion.V311)]
    [InlineData("tcp", MqttProtocolVersion.V500)]
    [InlineData("tls", MqttProtocolVersion.V500)]
    [InlineData("ws", MqttProtocolVersion.V311)]
    [InlineData("wss", MqttProtocolVersion.V500)]
    public async Task MqttNet_RoundTrips(string transport, MqttProtocolVersion version)
    {
        await using var device = await Device.StartAsync();
        using var certificate = device.LoadCertificate();
        var isSecure = transport is "tls" or "wss";
        var options = new MqttClientOptionsBuilder().WithClientId(isSecure ? "device" : "net").WithProtocolVersion(version).WithCleanSession();
        options = transport switch
        {
            "tcp" => options.WithTcpServer("127.0.0.1", device.Gateway.MqttPort),
            "tls" => options.WithTcpServer("localhost", device.Gateway.MqttsPort),
            "ws" => options.WithWebSocketServer(ws => ws.WithUri($"ws://127.0.0.1:{device.Gateway.HttpPort}/mqtt")),
            _ => options.WithWebSocketServer(ws => ws.WithUri($"wss://localhost:{device.Gateway.HttpsPort}/mqtt")),
        };
        if (isSecure)
            options = options.WithTlsOptions(tls => tls.UseTls().WithClientCertificates([certificate]).WithCertificateValidationHandler(static _ => true));
        using var client = new MqttClientFactory().CreateMqttClient();
        var got = new List<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += message =>
        {
            got.Add(string.Create(CultureInfo.InvariantCulture, $"{message.ApplicationMessage.Topic} {(int)message.ApplicationMessage.QualityOfServiceLevel} {message.ApplicationMessage.ConvertPayloadToString()}"));
            if (got.Count == 3)
                done.SetResult();
            return Task.CompletedTask;
        };
        await client.ConnectAsync(options.Build());
        await client.SubscribeAsync("net/#", MqttQualityOfServiceLevel.ExactlyOnce);
        foreach (var qos in Enum.GetValues<MqttQualityOfServiceLevel>())
            await client.PublishStringAsync($"net/{(int)qos}", $"m{(int)qos}", qos);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["net/0 0 m0", "net/1 1 m1", "net/2 2 m2"], got.Order());
        await client.DisconnectAsync();
    }

    [Theory]
    [InlineData("MQTTS_PORT", "")] // 8883
    [InlineData("HTTPS_PORT", "x-amzn-mqtt-ca")] // 443 in the cloud
    public async Task AwsDeviceSdk_ConnectsWithItsCertificate(string port, string alpn)
    {
        const string script = """
            const { mqtt5, io } = require('aws-iot-device-sdk-v2');
            const tls = new io.TlsContextOptions();
            const options = io.TlsContextOptions.create_client_with_mtls_from_path(process.env.CERT, process.env.KEY);
            options.override_default_trust_store_from_path(undefined, process.env.CA);
            if (process.env.ALPN) options.alpn_list = [process.env.ALPN];
            const client = new mqtt5.Mqtt5Client({
              hostName: 'localhost', port: Number(process.env[process.env.PORT_NAME]), tlsCtx: new io.ClientTlsContext(options),
              connectProperties: { clientId: 'device', keepAliveIntervalSeconds: 60 },
            });
            const fail = error => { console.error(error); process.exit(1); };
            client.on('error', fail);
            client.on('connectionFailure', event => fail(event.error));
            client.on('messageReceived', async event => {
              console.log(event.message.topicName, Buffer.from(event.message.payload).toString());
              client.stop();
            });
            client.on('stopped', () => process.exit(0));
            client.on('connectionSuccess', async () => {
              await client.subscribe({ subscriptions: [{ topicFilter: 'sdk/#', qos: 1 }] });
              await client.publish({ topicName: 'sdk/test', qos: 1, payload: 'hello' });
            });
            client.start();
            """;
        await using var device = await Device.StartAsync();
        var environment = device.Environment();
        environment["PORT_NAME"] = port;
        environment["ALPN"] = alpn;
        Assert.Equal("sdk/test hello", (await Programs.NodeAsync(script, environment)).Succeeded().Output.Trim());
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
