namespace EdgeGateway.Api.Access.Bundles;

/// <summary>What ready-to-paste files can be had for, besides the certificates themselves.</summary>
internal static class BundleKinds
{
    public const string Mosquitto = "mosquitto";
    public const string AwsSdk = "aws-sdk";
    public const string EspIdf = "esp-idf";
    public const string Arduino = "arduino";
    public const string EspHome = "esphome";
    public const string Tasmota = "tasmota";

    public static IReadOnlyList<string> All { get; } = [Mosquitto, AwsSdk, EspIdf, Arduino, EspHome, Tasmota];
}
