using System.Globalization;
using System.Text;
using EdgeGateway.Search.Fields;

namespace EdgeGateway.Search.Query;

/// <summary>A place on the Earth (WGS 84), in degrees.</summary>
/// <param name="Latitude">−90 to 90, north is positive.</param>
/// <param name="Longitude">−180 to 180, east is positive.</param>
internal readonly record struct GeoPoint(double Latitude, double Longitude)
{
    private const double MeanRadius = 6_371_008.8; // metres; R1 of GRS 80 (H. Moritz, Geodetic Reference System 1980)

    public bool IsValid => Latitude is >= -90 and <= 90 && Longitude is >= -180 and <= 180;

    /// <summary>Along a great circle (haversine formula), in metres; the Earth is no sphere, so up to 0.6 % off.</summary>
    public double MetresTo(GeoPoint other)
    {
        var (north, east) = (Radians(other.Latitude - Latitude) / 2, Radians(other.Longitude - Longitude) / 2);
        var half = (Math.Sin(north) * Math.Sin(north)) + (Math.Cos(Radians(Latitude)) * Math.Cos(Radians(other.Latitude)) * Math.Sin(east) * Math.Sin(east));
        return 2 * MeanRadius * Math.Asin(Math.Min(1, Math.Sqrt(half)));
    }

    /// <summary>Reads <c>POINT(longitude latitude)</c> (OGC 12-063r5), or two numbers with a comma between them.</summary>
    /// <param name="isLonLat">The two numbers begin with the longitude.</param>
    /// <returns>Null: it is no place.</returns>
    public static GeoPoint? Parse(ReadOnlySpan<char> text, bool isLonLat)
    {
        text = text.Trim();
        var separator = ',';
        if (text.StartsWith("POINT", StringComparison.OrdinalIgnoreCase))
        {
            text = text["POINT".Length..].Trim();
            if (text is not ['(', .., ')'])
                return null;
            text = text[1..^1].Trim();
            (separator, isLonLat) = (' ', true);
        }
        var end = text.IndexOf(separator);
        return end > 0 && TryDegrees(text[..end], out var first) && TryDegrees(text[end..].TrimStart(separator), out var second) ? Of(first, second, isLonLat) : null;
    }

    /// <summary>The place that a field holds: a text, two numbers in an array, or an object of <c>lat</c> and <c>lon</c>.</summary>
    /// <param name="fields">What a <see cref="FieldWriter"/> wrote.</param>
    /// <returns>Null: it holds none.</returns>
    public static GeoPoint? Read(ReadOnlySpan<byte> fields, in GeoField field)
    {
        var (numbers, first, second) = (0, 0d, 0d);
        var (latitude, longitude) = (double.NaN, double.NaN);
        var value = new FieldReader(fields);
        while (value.Next())
        {
            if (value.Field == field.Itself)
            {
                if (value.IsText && Parse(Encoding.UTF8.GetString(value.Text), field.IsLonLat) is { } point)
                    return point;
                if (!value.IsText && numbers++ < 2)
                    (first, second) = numbers == 1 ? (value.Number, 0) : (first, value.Number);
            }
            else if (field.IsLatitude(value.Field))
                latitude = Degrees(value);
            else if (field.IsLongitude(value.Field))
                longitude = Degrees(value);
        }
        return numbers == 2 ? Of(first, second, field.IsLonLat) : Of(latitude, longitude, isLonLat: false);
    }

    private static GeoPoint? Of(double first, double second, bool isLonLat)
    {
        var point = isLonLat ? new GeoPoint(second, first) : new GeoPoint(first, second);
        return point.IsValid ? point : null;
    }

    private static double Degrees(in FieldReader value) =>
        value.IsNumber ? value.Number : FieldWriter.TryNumber(value.Text, out var number) ? number : double.NaN;

    private static bool TryDegrees(ReadOnlySpan<char> text, out double degrees) =>
        double.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out degrees);

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
