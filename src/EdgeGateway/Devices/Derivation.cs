using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>Values worked out from measured ones.</summary>
internal static class Derivation
{
    // Magnus formula over water, coefficients of Sonntag 1990: good to 0.4 °C between -45 and 60 °C.
    private const double MagnusA = 17.62;
    private const double MagnusB = 243.12;
    private const double SaturationAtZero = 611.2; // Pa
    private const double WaterVapourGasConstant = 461.5; // J/(kg K)

    /// <summary>Dew point in °C from temperature (°C) and relative humidity (%, above 0).</summary>
    public static double DewPoint(double temperature, double humidity)
    {
        var gamma = Math.Log(humidity / 100) + (MagnusA * temperature / (MagnusB + temperature));
        return MagnusB * gamma / (MagnusA - gamma);
    }

    /// <summary>Grams of water per cubic metre of air.</summary>
    public static double AbsoluteHumidity(double temperature, double humidity) =>
        humidity / 100 * SaturationAtZero * Math.Exp(MagnusA * temperature / (MagnusB + temperature)) / (WaterVapourGasConstant * (temperature + 273.15)) * 1000;

    /// <summary>Metres above sea level from pressure in Pa (ICAO standard atmosphere, up to 11 km).</summary>
    public static double Altitude(double pressure, double seaLevelPressure) => 44_330.77 * (1 - Math.Pow(pressure / seaLevelPressure, 0.190_263));

    public static IEnumerable<ReadingValue> From(Reading reading, SensorOptions options)
    {
        var quality = reading.Quality;
        foreach (var name in options.Derived)
        {
            var temperature = reading.Find("temperature")?.Value;
            var humidity = reading.Find("humidity")?.Value;
            if (name == "dewPoint" && temperature is { } t && humidity is > 0 and var h)
                yield return new(name, DewPoint(t, h), Unit.Celsius, quality);
            else if (name == "absoluteHumidity" && temperature is { } air && humidity is { } wet)
                yield return new(name, AbsoluteHumidity(air, wet), "g/m³", quality);
            else if (name == "altitude" && reading.Find("pressure")?.Value is { } pressure)
                yield return new(name, Altitude(pressure, options.SeaLevelPressure), Unit.Metre, quality);
        }
    }
}
