using System.Globalization;
using System.Text;

namespace EdgeGateway.Drivers;

/// <summary>A sentence of NMEA 0183: fields with commas between, a checksum behind the star.</summary>
/// <param name="Fields">The first is talker and type, such as GPGGA.</param>
internal readonly record struct NmeaSentence(string[] Fields)
{
    private const int LongestBytes = 120; // the standard has 82, some receivers send more

    /// <summary>GGA, RMC and so on, whoever the talker is (GP, GN, GL, GA, BD).</summary>
    public string Type => Fields[0].Length == 5 ? Fields[0][2..] : "";

    /// <summary>Looks for a whole sentence with a right checksum.</summary>
    public static FrameSearch Find(ReadOnlySpan<byte> bytes)
    {
        var hasBadChecksum = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '$')
                continue;
            var body = bytes[(i + 1)..];
            var end = body.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) is var unprintable and >= 0 ? unprintable : body.Length;
            var star = body[..end].IndexOf((byte)'*');
            var next = body[..end].IndexOf((byte)'$');
            if (next >= 0 && (star < 0 || next < star))
                continue; // the sentence was cut and another begins
            if (star < 0 || star + 3 > body.Length)
            {
                if (end == body.Length && body.Length < LongestBytes)
                    return new FrameSearch(i, 0, hasBadChecksum);
                continue;
            }

            if (byte.TryParse(body.Slice(star + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum) && sum == Sums.Xor(body[..star]))
                return new FrameSearch(i, 1 + star + 3, hasBadChecksum);
            hasBadChecksum = true;
        }

        return new FrameSearch(bytes.Length, 0, hasBadChecksum);
    }

    /// <param name="frame">From the dollar to the checksum, as <see cref="Find"/> gives it.</param>
    public static NmeaSentence Parse(ReadOnlySpan<byte> frame) => new(Encoding.ASCII.GetString(frame[1..^3]).Split(','));

    /// <returns>The field, empty where the sentence has no such field.</returns>
    public string Field(int index) => index < Fields.Length ? Fields[index] : "";

    /// <returns>Null where the field is empty or no number.</returns>
    public double? Number(int index) =>
        double.TryParse(Field(index), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>ddmm.mmmm or dddmm.mmmm with its hemisphere, in degrees; south and west are negative.</summary>
    public double? Angle(int index)
    {
        if (Number(index) is not { } packed || packed < 0)
            return null;
        var degrees = Math.Floor(packed / 100);
        var minutes = packed - (degrees * 100);
        return minutes >= 60 ? null : Field(index + 1) switch { "N" or "E" => degrees + (minutes / 60), "S" or "W" => -(degrees + (minutes / 60)), _ => null };
    }
}
