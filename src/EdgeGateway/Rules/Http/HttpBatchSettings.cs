using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules.Http;

/// <summary>`batchConfig` of the `http` action (AWS guide: HTTP action): whichever limit is reached first sends.</summary>
/// <param name="Open">How long a batch waits for company; 20 ms if absent.</param>
/// <param name="Messages">2 to 10; 10 if absent.</param>
/// <param name="Bytes">Of the payloads together; 5120 if absent.</param>
internal sealed record HttpBatchSettings(TimeSpan Open, int Messages, int Bytes)
{
    /// <returns>Null where `enableBatching` is not true.</returns>
    public static HttpBatchSettings? Read(ActionParameters parameters)
    {
        var isOn = parameters.Boolean("enableBatching");
        var section = parameters.Section("batchConfig");
        var read = new HttpBatchSettings(
            TimeSpan.FromMilliseconds(section?.Int32("maxBatchOpenMs", 20, 5, 200) ?? 20), section?.Int32("maxBatchSize", 10, 2, 10) ?? 10, section?.Int32("maxBatchSizeBytes", 5120, 100, 131_072) ?? 5120);
        section?.End();
        return isOn ? read : null;
    }
}
