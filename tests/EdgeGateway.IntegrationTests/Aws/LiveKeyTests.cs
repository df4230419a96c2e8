using System.Net.WebSockets;
using System.Text.Json;
using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>A key or token that is deleted takes its live connections with it.</summary>
public sealed class LiveKeyTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public async Task AccessKey_Deleted_ItsWebSocketEndsAndDoesNotComeBack()
    {
        using var key = JsonDocument.Parse((await gateway.Running.CliAsync("access-key", "create", "--json")).Succeeded().Output);
        using var token = JsonDocument.Parse((await gateway.Running.CliAsync("access-token", "create", "--role", "administrator", "--json")).Succeeded().Output);
        var environment = gateway.Environment();
        environment["AWS_ACCESS_KEY_ID"] = key.RootElement.GetProperty("accessKeyId").GetString()!;
        environment["AWS_SECRET_ACCESS_KEY"] = key.RootElement.GetProperty("secretAccessKey").GetString()!;
        environment["TOKEN"] = token.RootElement.GetProperty("token").GetString()!;
        (await Programs.NodeAsync(
            """
            const { mqtt5, iot, auth } = require("aws-iot-device-sdk-v2");
            const url = new URL(process.env.HTTPS_ENDPOINT), id = process.env.AWS_ACCESS_KEY_ID;
            const builder = iot.AwsIotMqtt5ClientConfigBuilder.newWebsocketMqttBuilderWithSigv4Auth(url.hostname, {
              region: "eu-central-1", credentialsProvider: auth.AwsCredentialsProvider.newStatic(id, process.env.AWS_SECRET_ACCESS_KEY),
            });
            builder.withPort(parseInt(url.port));
            builder.withCertificateAuthorityFromPath(undefined, process.env.CA_FILE);
            builder.withConnectProperties({ clientId: "keyed", keepAliveIntervalSeconds: 60 });
            const client = new mqtt5.Mqtt5Client(builder.build());
            const once = name => new Promise(resolve => client.once(name, resolve));
            (async () => {
              const connected = once("connectionSuccess");
              client.start();
              await connected;
              const [gone, refused] = [once("disconnection"), once("connectionFailure")];
              const deleted = await fetch(`${process.env.ENDPOINT}edge/v1/access-keys/${id}`, { method: "DELETE", headers: { Authorization: `Bearer ${process.env.TOKEN}` } });
              if (!deleted.ok) throw new Error(await deleted.text());
              const reason = (await gone).disconnect?.reasonCode;
              await refused;
              process.exit(reason === mqtt5.DisconnectReasonCode.NotAuthorized ? 0 : 2);
            })().catch(error => { console.error(error); process.exit(1); });
            """, environment)).Succeeded();
    }

    [Fact]
    public async Task AccessToken_Deleted_ItsWebSocketEnds()
    {
        using var token = JsonDocument.Parse((await gateway.Running.CliAsync("access-token", "create", "--json")).Succeeded().Output);
        using var live = new ClientWebSocket();
        live.Options.AddSubProtocol("mqtt");
        live.Options.SetRequestHeader("Authorization", $"Bearer {token.RootElement.GetProperty("token").GetString()}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await live.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Running.HttpPort}/mqtt"), limit.Token);
        await live.SendAsync(Packets.Connect("tokened"), WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var answer = new byte[256];
        await live.ReceiveAsync(answer, limit.Token);
        Assert.Equal((0x20, 0), (answer[0], answer[3]));

        (await gateway.Running.CliAsync("access-token", "delete", token.RootElement.GetProperty("id").GetString()!)).Succeeded();

        await live.ReceiveAsync(answer, limit.Token);
        Assert.Equal((0xE0, 0x87), (answer[0], answer[2]));
    }
}
