using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Identity.Credentials;

/// <summary>The token is the key itself, encrypted and authenticated with the machine key; its first line tells it from other sealed secrets.</summary>
internal sealed class TemporaryKeys(MachineKey machineKey, IClockFloor clock) : ITemporaryKeys
{
    private const string Kind = "temporary-key 1";

    public TemporaryKey Issue(string roleArn, string certificateId, TimeSpan life)
    {
        var (id, secret) = AccessKeyText.New("ASIA");
        var expires = DateTimeOffset.FromUnixTimeSeconds((clock.Now + life).ToUnixTimeSeconds());
        var text = string.Join('\n', Kind, id, secret, roleArn, certificateId, expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return new TemporaryKey(id, secret, Base64Url.EncodeToString(machineKey.Seal(Encoding.UTF8.GetBytes(text))), roleArn, certificateId, expires);
    }

    public TemporaryKey? Find(string id, string sessionToken)
    {
        if (Open(sessionToken) is not [Kind, var key, var secret, var role, var certificate, var seconds] || key != id)
            return null;
        return new TemporaryKey(id, secret, sessionToken, role, certificate, DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)));
    }

    private string[]? Open(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(machineKey.Open(Base64Url.DecodeFromChars(token))).Split('\n');
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or ArgumentException)
        {
            return null;                                             // anybody may send anything
        }
    }
}
