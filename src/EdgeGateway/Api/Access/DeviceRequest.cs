namespace EdgeGateway.Api.Access;

/// <param name="Name">Thing name and client id.</param>
/// <param name="Kinds">Besides the certificate files, what for: mosquitto, aws-sdk, esp-idf, arduino, esphome, tasmota.</param>
/// <param name="Host">Name or address the device is to dial; null: chosen by the gateway.</param>
internal sealed record DeviceRequest(string Name, IReadOnlyList<string>? Kinds, string? Host);
