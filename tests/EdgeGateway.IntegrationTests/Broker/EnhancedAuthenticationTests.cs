using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>SCRAM-SHA-256 against the credentials store, at CONNECT and again later (MQTT 5.0 §4.12, RFC 5802).</summary>
public sealed class EnhancedAuthenticationTests
{
    private const string Method = "SCRAM-SHA-256";

    [Fact]
    public async Task Connect_WithTheRightPassword_IsLetIn_AndMayAuthenticateAgain()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.MqttPort);
        var scram = new Scram("anna", "correct horse");
        await client.SendAsync(Connect(scram.First()));
        var challenge = await client.ReadAsync();
        Assert.Equal([0xF0, 0x18], [challenge[0], challenge[2]]);
        await client.SendAsync(Auth(0x18, scram.Final(Data(challenge, 3))));
        var answer = await client.ReadAsync();
        Assert.Equal([0x20, 0], [answer[0], answer[3]]);
        scram.Verify(Data(answer, 4)); // the gateway has proved that it knows the password, too

        var again = new Scram("anna", "correct horse");
        await client.SendAsync(Auth(0x19, again.First()));
        await client.SendAsync(Auth(0x18, again.Final(Data(await client.ReadAsync(), 3))));
        var success = await client.ReadAsync();
        Assert.Equal([0xF0, 0x00], [success[0], success[2]]);
        again.Verify(Data(success, 3));
        await client.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await client.ReadAsync());
    }

    [Theory]
    [InlineData("anna", "wrong")]
    [InlineData("nobody", "correct horse")]
    public async Task Connect_WithAWrongNameOrPassword_IsRefusedAtTheEnd(string user, string password)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.MqttPort);
        var scram = new Scram(user, password);
        await client.SendAsync(Connect(scram.First()));
        await client.SendAsync(Auth(0x18, scram.Final(Data(await client.ReadAsync(), 3)))); // a name that does not exist is challenged like one that does
        Assert.Equal(0x87, (await client.ReadAsync())[3]);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact] // [MQTT-4.12.1-2]
    public async Task ReAuthentication_ThatFails_EndsTheConnection()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.MqttPort);
        var scram = new Scram("anna", "correct horse");
        await client.SendAsync(Connect(scram.First()));
        await client.SendAsync(Auth(0x18, scram.Final(Data(await client.ReadAsync(), 3))));
        await client.ReadAsync();
        var wrong = new Scram("anna", "wrong");
        await client.SendAsync(Auth(0x19, wrong.First()));
        await client.SendAsync(Auth(0x18, wrong.Final(Data(await client.ReadAsync(), 3))));
        var goodbye = await client.ReadAsync();
        Assert.Equal([0xE0, 0x87], [goodbye[0], goodbye[2]]);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact] // [MQTT-4.12.0-4]
    public async Task Connect_WithAnotherPacketDuringTheExchange_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.MqttPort);
        await client.SendAsync(Connect(new Scram("anna", "correct horse").First()));
        await client.ReadAsync();
        await client.SendAsync(Packets.Publish("a", "x"));
        Assert.Equal(0x82, (await client.ReadAsync())[3]);
    }

    private static async Task<RunningGateway> StartAsync()
    {
        var gateway = await RunningGateway.StartAsync();
        await gateway.Services.GetRequiredService<IDeviceCredentials>().SetAsync("anna", "correct horse", "test");
        await gateway.Services.GetRequiredService<IPolicies>().AttachAsync("local", gateway.Services.GetRequiredService<IdentityArns>().User("anna"), "test");
        return gateway;
    }

    private static byte[] Properties(byte[] data) => [0x15, .. Packets.Text(Method), 0x16, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private static byte[] Connect(byte[] data) => Packets.Connect("scram", properties: Properties(data));

    private static byte[] Auth(byte reason, byte[] data) => Packets.Packet(0xF0, [reason, (byte)Properties(data).Length, .. Properties(data)]);

    // The authentication data among the properties; it is the last but for properties without a 0x16 in front.
    private static byte[] Data(byte[] packet, int from)
    {
        var at = packet.AsSpan(from).IndexOf([(byte)0x15, (byte)0, (byte)Method.Length]);
        Assert.True(at >= 0, Convert.ToHexString(packet));
        var marker = packet.AsSpan(from).IndexOf([(byte)0x16, (byte)0]);
        var length = packet[from + marker + 2];
        return packet.AsSpan(from + marker + 3, length).ToArray();
    }

    /// <summary>The client's side, written from RFC 5802.</summary>
    private sealed class Scram(string user, string password)
    {
        private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(12));
        private byte[] _salted = [];
        private byte[] _message = [];

        public byte[] First() => Encoding.UTF8.GetBytes($"n,,n={user},r={_nonce}");

        public byte[] Final(byte[] challenge)
        {
            var text = Encoding.UTF8.GetString(challenge);
            var parts = text.Split(',');
            Assert.StartsWith($"r={_nonce}", parts[0], StringComparison.Ordinal);
            _salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
            var clientKey = HMACSHA256.HashData(_salted, "Client Key"u8);
            var withoutProof = $"c=biws,{parts[0]}";
            _message = Encoding.UTF8.GetBytes($"n={user},r={_nonce},{text},{withoutProof}");
            var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), _message);
            for (var i = 0; i < clientKey.Length; i++)
                clientKey[i] ^= signature[i];
            return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(clientKey)}");
        }

        public void Verify(byte[] final) => Assert.Equal(
            $"v={Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(_salted, "Server Key"u8), _message))}", Encoding.UTF8.GetString(final));
    }
}
