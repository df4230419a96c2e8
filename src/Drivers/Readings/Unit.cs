namespace EdgeGateway.Drivers;

/// <summary>The units readings are published in.</summary>
public static class Unit
{
    public const string Celsius = "°C";
    public const string RelativeHumidity = "%RH";
    public const string Pascal = "Pa";
    public const string Lux = "lx";
    public const string PartsPerMillion = "ppm";
    public const string PartsPerBillion = "ppb";
    public const string MicrogramPerCubicMetre = "µg/m³";
    public const string Volt = "V";
    public const string Ampere = "A";
    public const string Watt = "W";
    public const string WattHour = "Wh";
    public const string VoltAmpere = "VA";
    public const string Var = "var";
    public const string Gram = "g";
    public const string MetrePerSecondSquared = "m/s²";
    public const string DegreePerSecond = "°/s";
    public const string Degree = "°";
    public const string MetrePerSecond = "m/s";
    public const string MicroTesla = "µT";
    public const string Metre = "m";
    public const string Millimetre = "mm";
    public const string MillimetrePerHour = "mm/h";
    public const string Litre = "L";
    public const string LitrePerMinute = "L/min";
    public const string VarHour = "varh";
    public const string Decibel = "dBm";
    public const string Ohm = "Ω";
    public const string Hertz = "Hz";
    public const string Second = "s";
    public const string Percent = "%";
    public const string Byte = "B";
    public const string Count = "count";

    /// <summary>A ratio or a yes (1) and no (0).</summary>
    public const string None = "";
}
