using System.Globalization;
using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Conformance;

/// <summary>
/// Requirements of MQTT 5.0 and 3.1.1, one row each: what a client that is let in sends, and what it gets back. Bytes in hex; <c>'text'</c>
/// stands for a length and its UTF-8; <c>..</c> is any byte, <c>*</c> any rest of the packet, <c>close</c> the end of the connection.
/// </summary>
public sealed class ClauseTests(ClauseHost fixture) : IClassFixture<ClauseHost>
{
    private readonly BrokerHost _host = fixture.Host;

    public static TheoryData<string, byte, string, string> Rows => new()
    {
        // fixed header and strings
        { "[MQTT-2.1.3-1] reserved flags of PINGREQ", 5, "C1 00", "E0 * 81 close" },
        { "[MQTT-2.1.3-1] reserved flags of PUBREL", 5, "60 02 00 01", "E0 * 81 close" },
        { "[MQTT-2.1.3-1] reserved flags of SUBSCRIBE", 5, "80 07 00 01 00 'a' 00", "E0 * 81 close" },
        { "[MQTT-2.1.3-1] reserved flags of UNSUBSCRIBE", 5, "A0 06 00 01 00 'a'", "E0 * 81 close" },
        { "[MQTT-2.1.3-1] reserved flags of DISCONNECT", 5, "E1 00", "E0 * 81 close" },
        { "[MQTT-2.2.2-2] of 3.1.1: reserved flags close", 4, "C1 00", "close" },
        { "§2.1.4 remaining length of five bytes", 5, "30 80 80 80 80 01", "E0 * 81 close" },
        { "[MQTT-1.5.4-1] topic is not UTF-8", 5, "30 05 00 02 C0 AF 00", "E0 * 81 close" },
        { "[MQTT-1.5.4-1] a surrogate in a filter", 5, "82 09 00 01 00 00 03 ED A0 80 00", "E0 * 81 close" },
        { "[MQTT-1.5.4-2] U+0000 in a topic", 5, "30 05 00 02 61 00 00", "E0 * 81 close" },
        { "[MQTT-1.5.4-3] U+FEFF is kept", 5, "82 09 00 01 00 00 03 EF BB BF 00", "90 04 00 01 00 00" },
        { "[MQTT-1.5.5-1] property length not in the shortest form", 5, "30 06 00 01 61 80 00 78", "E0 * 81 close" },
        { "[MQTT-2.1.2-1] packet type 0", 5, "00 00", "E0 * 81 close" },
        { "[MQTT-2.1.2-1] CONNACK from a client", 5, "20 03 00 00 00", "E0 * 81 close" },
        { "[MQTT-3.1.0-2] a second CONNECT", 4, "10 0D 00 04 4D 51 54 54 04 02 00 00 00 01 78", "close" },
        // PUBLISH
        { "[MQTT-3.3.1-4] both QoS bits", 5, "36 06 00 01 61 00 01 00", "E0 * 81 close" },
        { "[MQTT-3.3.1-4] of 3.1.1: both QoS bits", 4, "36 05 00 01 61 00 01", "close" },
        { "[MQTT-3.3.1-2] DUP at QoS 0", 5, "38 04 00 01 61 00", "E0 * 81 close" },
        { "[MQTT-2.2.1-3] packet identifier 0", 5, "32 06 00 01 61 00 00 00", "E0 * 81 close" },
        { "[MQTT-3.3.2-2] wildcard in a topic name", 5, "30 06 00 03 61 2F 23 00", "E0 * 90 close" },
        { "[MQTT-3.3.2-2] of 3.1.1: wildcard in a topic name", 4, "30 05 00 03 61 2F 2B", "close" },
        { "§3.3.2.1 neither topic nor alias", 5, "30 03 00 00 00", "E0 * 82 close" },
        { "[MQTT-3.3.2-8] topic alias 0", 5, "30 07 00 01 61 03 23 00 00", "E0 * 94 close" },
        { "[MQTT-3.3.2-9] topic alias above the maximum", 5, "30 07 00 01 61 03 23 FF FF", "E0 * 94 close" },
        { "§3.3.4 unknown topic alias", 5, "30 06 00 00 03 23 00 05", "E0 * 82 close" },
        { "§3.3.2.3.4 topic alias given twice", 5, "30 0A 00 01 61 06 23 00 01 23 00 01", "E0 * 82 close" },
        { "[MQTT-3.3.4-6] subscription identifier from a client", 5, "30 06 00 01 61 02 0B 01", "E0 * 82 close" },
        { "§3.3.2.3.2 payload format indicator 2", 5, "30 06 00 01 61 02 01 02", "E0 * 82 close" },
        { "[MQTT-3.3.2-14] response topic with a wildcard", 5, "30 08 00 01 61 04 08 00 01 23", "E0 * 82 close" },
        { "§2.2.2.2 property of CONNECT in PUBLISH", 5, "30 09 00 01 61 05 11 00 00 00 01", "E0 * 82 close" },
        { "§2.2.2.2 unknown property", 5, "30 06 00 01 61 02 7E 00", "E0 * 81 close" },
        { "§3.4.2.1 PUBACK without receivers", 5, "32 06 00 01 61 00 07 00", "40 03 00 07 10" },
        { "§3.4.2 of 3.1.1: PUBACK", 4, "32 05 00 01 61 00 07", "40 02 00 07" },
        { "[MQTT-4.3.3-8] PUBREC, then PUBCOMP", 4, "34 05 00 01 61 00 07 62 02 00 07", "50 02 00 07 | 70 02 00 07" },
        { "§3.7.2.1 PUBREL of an unknown identifier", 5, "62 02 00 09", "70 03 00 09 92" },
        { "of 3.1.1: PUBREL of an unknown identifier is answered", 4, "62 02 00 09", "70 02 00 09" },
        { "§3.6.2.1 PUBREC of an unknown identifier", 5, "50 02 00 09", "62 03 00 09 92" },
        { "§3.4.2 PUBACK of an unknown identifier is passed over", 5, "40 02 00 09 C0 00", "D0 00" },
        { "[MQTT-3.4.2-1] PUBACK with a reason code of another packet", 5, "40 03 00 01 18", "E0 * 82 close" },
        { "§3.4.2.2 PUBACK with a reason string twice", 5, "40 0A 00 01 00 06 1F 00 00 1F 00 00", "E0 * 82 close" },
        { "of 3.1.1: bytes behind a PUBACK", 4, "40 03 00 01 00", "close" },
        { "§4.7.3 an empty level is a level", 5, "82 09 00 01 00 00 03 61 2F 2F 00 30 06 00 03 61 2F 2F 00", "90 04 00 01 00 00 | 30 06 00 03 61 2F 2F 00" },
        // SUBSCRIBE, UNSUBSCRIBE
        { "[MQTT-3.8.3-2] no filter", 5, "82 03 00 01 00", "E0 * 82 close" },
        { "[MQTT-3.8.3-3] of 3.1.1: no filter", 4, "82 02 00 01", "close" },
        { "[MQTT-3.8.3-5] QoS 3", 5, "82 07 00 01 00 'a' 03", "E0 * 81 close" },
        { "[MQTT-3.8.3-5] reserved option bits", 5, "82 07 00 01 00 'a' 40", "E0 * 81 close" },
        { "[MQTT-3-8.3-4] of 3.1.1: reserved option bits", 4, "82 06 00 01 'a' 04", "close" },
        { "§3.8.3.1 retain handling 3", 5, "82 07 00 01 00 'a' 30", "E0 * 82 close" },
        { "[MQTT-3.8.3-4] no local on a shared subscription", 5, "82 10 00 01 00 '$share/g/a' 04", "E0 * 82 close" },
        { "§3.8.2.1.2 subscription identifier 0", 5, "82 09 00 01 02 0B 00 'a' 00", "E0 * 82 close" },
        { "[MQTT-2.2.1-3] SUBSCRIBE with identifier 0", 5, "82 07 00 00 00 'a' 00", "E0 * 81 close" },
        { "[MQTT-4.7.3-1] empty filter", 5, "82 06 00 01 00 00 00 00", "E0 * 81 close" },
        { "[MQTT-4.7.1-1] '#' not last", 5, "82 0B 00 01 00 'a/#/b' 00", "90 04 00 01 00 8F" },
        { "[MQTT-4.7.1-2] '+' beside other characters", 5, "82 08 00 01 00 'a+' 00", "90 04 00 01 00 8F" },
        { "[MQTT-4.8.2-1] shared subscription without a name", 5, "82 0F 00 01 00 '$share//a' 01", "90 04 00 01 00 8F" },
        { "[MQTT-4.8.2-2] shared subscription whose name has a wildcard", 5, "82 10 00 01 00 '$share/+/a' 01", "90 04 00 01 00 8F" },
        { "[MQTT-3.8.4-6] codes in the order asked", 5, "82 16 00 01 00 'a' 00 'b' 01 'c' 02 'a/#b' 00", "90 07 00 01 00 00 01 02 8F" },
        { "[MQTT-3.8.4-5] of 3.1.1: codes in the order asked", 4, "82 0A 00 01 'a' 02 'b' 00", "90 04 00 01 02 00" },
        { "of 3.1.1: a bad filter is 0x80", 4, "82 07 00 01 'a+' 00", "90 03 00 01 80" },
        { "[MQTT-3.10.3-2] UNSUBSCRIBE without a filter", 5, "A2 03 00 01 00", "E0 * 82 close" },
        { "§3.11.3 no subscription existed", 5, "A2 06 00 01 00 'a'", "B0 04 00 01 00 11" },
        { "[MQTT-3.10.4-5] of 3.1.1: UNSUBACK always", 4, "A2 05 00 01 'a'", "B0 02 00 01" },
        { "[MQTT-3.10.4-4] UNSUBACK of a subscription", 5, "82 07 00 01 00 'a' 00 A2 06 00 02 00 'a'", "90 04 00 01 00 00 | B0 04 00 02 00 00" },
        { "[MQTT-3.3.1-8] retain flag is cleared for who subscribes already", 5, "82 0B 00 01 00 'rap/x' 20 31 09 00 05 72 61 70 2F 78 00 31", "90 04 00 01 00 00 | 30 09 00 05 72 61 70 2F 78 00 31" },
        { "[MQTT-3.3.1-13] retain as published", 5, "82 0B 00 01 00 'rap/y' 28 31 09 00 05 72 61 70 2F 79 00 31", "90 04 00 01 00 00 | 31 09 00 05 72 61 70 2F 79 00 31" },
        { "[MQTT-3.8.3-3] no local", 5, "82 0A 00 01 00 'nl/x' 04 30 07 00 04 6E 6C 2F 78 00 C0 00", "90 04 00 01 00 00 | D0 00" },
        { "[MQTT-3.3.4-3] subscription identifier comes with the message", 5, "82 0C 00 01 02 0B 2A 'id/x' 00 30 07 00 04 69 64 2F 78 00", "90 04 00 01 00 00 | 30 09 00 04 69 64 2F 78 02 0B 2A" },
        { "[MQTT-4.7.2-1] '#' does not match what begins with '$'", 5, "82 07 00 01 00 '#' 20 32 1D 00 18 24 61 77 73 2F 74 68 69 6E 67 73 2F 78 2F 73 68 61 64 6F 77 2F 67 65 74 00 05 00 C0 00", "90 04 00 01 00 00 | 40 * | D0 00" },
        { "§4.7.2 '+' at the first level does not match '$'", 5, "82 10 00 01 00 '+/things/#' 00 C0 00", "90 04 00 01 00 00 | D0 00" },
        { "[MQTT-4.7.1-2] 'sport/#' matches 'sport'", 5, "82 0D 00 01 00 'sport/#' 00 30 08 00 05 73 70 6F 72 74 00", "90 04 00 01 00 00 | 30 08 00 05 73 70 6F 72 74 00" },
        { "§4.7.1.3 '+' matches an empty level", 5, "82 08 00 01 00 '/+' 00 30 04 00 01 2F 00", "90 04 00 01 00 00 | 30 04 00 01 2F 00" },
        // PINGREQ, DISCONNECT, AUTH
        { "[MQTT-3.12.4-1] PINGRESP", 4, "C0 00", "D0 00" },
        { "§3.12 PINGREQ with a body", 5, "C0 01 00", "E0 * 81 close" },
        { "§3.14.4 DISCONNECT closes", 5, "E0 00", "close" },
        { "[MQTT-3.14.2-1] reason code of another packet", 5, "E0 01 18", "E0 * 82 close" },
        { "§3.14.2.2.2 session expiry raised from 0", 5, "E0 07 00 05 11 00 00 00 01", "E0 * 82 close" },
        { "§3.14.2.2 server reference from a client", 5, "E0 06 00 04 1C 00 01 61", "E0 * 82 close" },
        { "of 3.1.1: DISCONNECT with a body", 4, "E0 01 00", "close" },
        { "[MQTT-4.12.0-7] AUTH without a method in CONNECT", 5, "F0 02 19 00", "E0 * 82 close" },
        { "[MQTT-3.15.1-1] reserved flags of AUTH", 5, "F1 00", "E0 * 81 close" },
        { "§3.15 AUTH does not exist in 3.1.1", 4, "F0 00", "close" },
        // reserved topics (AWS guide: Reserved topics)
        { "a topic below '$' that is not open", 5, "32 09 00 04 24 66 6F 6F 00 01 00", "40 03 00 01 90" },
        { "of 3.1.1: a topic below '$' that is not open", 4, "32 08 00 04 24 66 6F 6F 00 01", "close" },
        { "a filter below '$' that is not open", 5, "82 0A 00 01 00 '$foo' 00", "90 04 00 01 00 8F" },
        { "nobody subscribes to basic ingest", 5, "82 12 00 01 00 '$aws/rules/r' 00", "90 04 00 01 00 8F" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Client_SendsThis_GetsThat(string clause, byte version, string sent, string expected)
    {
        using var client = await RawClient.OpenAsync(_host.MqttPort, $"clause-{Guid.NewGuid():N}", version);
        await client.SendAsync(Bytes(sent));
        await ExpectAsync(client, clause, expected);
    }

    [Theory] // the same engine behind Kestrel, as TLS and WebSocket carry it
    [MemberData(nameof(Rows))]
    public async Task ClientOnKestrel_SendsThis_GetsThat(string clause, byte version, string sent, string expected)
    {
        using var client = await RawClient.OpenAsync(_host.KestrelPort, $"clause-{Guid.NewGuid():N}", version);
        await client.SendAsync(Bytes(sent));
        await ExpectAsync(client, clause, expected);
    }

    public static TheoryData<string, string, string> Connects => new()
    {
        { "§3.1.2.5 malformed CONNECT of MQTT 5 is answered 0x81", "10 0D 00 04 4D 51 54 54 05 03 00 00 00 00 00", "20 * 81 close" },
        { "§3.1.2.11 receive maximum 0 is answered 0x82", "10 10 00 04 4D 51 54 54 05 02 00 00 03 21 00 00 00 00", "20 * 82 close" },
        { "§3.1.2.11 property twice is answered 0x82", "10 13 00 04 4D 51 54 54 05 02 00 00 06 21 00 01 21 00 01 00 00", "20 * 82 close" },
        { "[MQTT-4.12.0-1] unknown authentication method is answered 0x8C", "10 12 00 04 4D 51 54 54 05 02 00 00 05 15 00 02 58 59 00 00", "20 * 8C close" },
        { "§3.1.2.11.10 authentication data without a method", "10 12 00 04 4D 51 54 54 05 02 00 00 05 16 00 02 58 59 00 00", "20 * 82 close" },
        { "[MQTT-3.1.2-22] of 3.1.1: password without a user name closes", "10 11 00 04 4D 51 54 54 04 42 00 00 00 01 78 00 01 79 00", "close" },
        { "§3.1.2.9 of 5: password without a user name is allowed", "10 11 00 04 4D 51 54 54 05 42 00 00 00 00 01 78 00 01 79", "20 * 00" },
        { "§3.1.2.1 wrong protocol name closes", "10 0F 00 06 4D 51 74 74 58 58 04 02 00 00 00 01 78", "20 02 00 01 close" },
        { "[MQTT-3.1.3-11] will topic with a wildcard", "10 15 00 04 4D 51 54 54 05 06 00 00 00 00 01 78 00 00 01 23 00 01 79", "20 * 90 close" },
        { "[MQTT-3.1.0-1] PUBLISH first", "30 04 00 01 61 00", "close" },
        { "[MQTT-3.1.0-1] AUTH first", "F0 00", "close" },
    };

    [Theory]
    [MemberData(nameof(Connects))]
    public async Task Connect_LikeThis_IsAnsweredSo(string clause, string sent, string expected)
    {
        using var client = await RawClient.ConnectAsync(_host.MqttPort);
        await client.SendAsync(Bytes(sent));
        await ExpectAsync(client, clause, expected, reasonOfConnAck: true);
    }

    private static async Task ExpectAsync(RawClient client, string clause, string expected, bool reasonOfConnAck = false)
    {
        var closes = expected.EndsWith("close", StringComparison.Ordinal);
        foreach (var pattern in expected.Replace("close", "", StringComparison.Ordinal).Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var packet = await client.ReadAsync();
            Assert.True(Matches(packet, pattern, reasonOfConnAck), $"{clause}: expected {pattern}, got {Convert.ToHexString(packet)}");
        }
        if (closes)
            Assert.True(await client.IsClosedAsync(), clause);
    }

    // "E0 * 81": the packet's first byte and its reason code, whatever properties it has.
    private static bool Matches(byte[] packet, string pattern, bool reasonOfConnAck)
    {
        var parts = pattern.Split(' ');
        if (parts.Length >= 2 && parts[1] == "*")
        {
            if (packet[0] != byte.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                return false;
            var at = 1;
            while ((packet[at++] & 0x80) != 0)
            {
            }
            return parts.Length == 2 || packet[at + (reasonOfConnAck ? 1 : 0)] == byte.Parse(parts[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        return parts.Length == packet.Length && parts.Zip(packet).All(static pair => pair.First == ".." || byte.Parse(pair.First, NumberStyles.HexNumber, CultureInfo.InvariantCulture) == pair.Second);
    }

    private static byte[] Bytes(string script)
    {
        var bytes = new List<byte>();
        var quoted = script.Split('\'');
        for (var i = 0; i < quoted.Length; i++)
            if (i % 2 == 1)
                bytes.AddRange(Packets.Text(quoted[i]));
            else
                foreach (var hex in quoted[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    bytes.Add(byte.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return [.. bytes];
    }
}
