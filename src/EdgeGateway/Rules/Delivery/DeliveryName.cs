namespace EdgeGateway.Rules.Delivery;

/// <summary>Which action of which rule a queue belongs to.</summary>
/// <param name="Place">`actions[0]` or `errorAction`.</param>
/// <param name="Action">Its name in the error document, such as `HttpAction`.</param>
internal sealed record DeliveryName(string Rule, string Place, string Action)
{
    /// <summary>Folder below that of all queues, and back.</summary>
    public string Folder => $"{Rule}.{(Place == "errorAction" ? "error" : Place["actions[".Length..^1])}.{Action}";

    public static DeliveryName? OfFolder(string folder) => folder.Split('.') is [{ } rule, { } place, { } action]
        ? new(rule, place == "error" ? "errorAction" : $"actions[{place}]", action)
        : null;
}
