namespace EdgeGateway.Tests.Architecture;

/// <summary>Who may know whom. A new arrow is a decision: docs/decisions/ first, then a row here.</summary>
internal static class SliceTable
{
    /// <summary>Everybody may read configuration; these two may use everything and nobody uses them.</summary>
    public static readonly string[] Composing = ["Api", "Hosting"];

    /// <summary>Slice → slices it may use; behind a colon the contracts it is limited to (with the types their members speak of).</summary>
    public static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Configuration"] = [],
        ["Messaging"] = [],
        ["Storage"] = ["Messaging: IDurableLog"],                        // decision 0001
        ["Mqtt"] = ["Messaging"],
        ["Registry"] = ["Messaging", "Storage"],
        ["Identity"] = ["Messaging", "Storage", "Registry: IThingCatalog IRegistryFeed IThings IThingGroups RegistryError"], // IThings: decision 0001
        ["Broker"] = ["Messaging", "Mqtt", "Storage", "Identity: IAuthorizer"], // Mqtt: decision 0001
        ["Gateway"] = ["Messaging", "Mqtt", "Broker", "Identity: IAuthenticator IAuthorizer"],
        ["Shadows"] = ["Messaging", "Storage", "Registry: IThingCatalog IRegistryFeed"],
        ["Devices"] = ["Messaging", "Storage", "Drivers", "Registry", "Shadows"], // wired devices register themselves and report in process: decision 0003; Storage: decision 0014
        ["Rules"] = ["Messaging", "Storage", "Registry: IThingCatalog", "Shadows: IShadows IShadowFeed", "Identity: IAuthorizer MalformedPolicyException"],
        ["Search"] = ["Messaging", "Storage", "Registry: IThingCatalog IRegistryFeed IThingGroups RegistryError", "Shadows: IShadows IShadowFeed"], // IThingGroups: decision 0016
        ["Jobs"] = ["Messaging", "Storage", "Registry: IThingCatalog IRegistryFeed IThingGroups IEventConfigurations"], // decision 0017
        ["Sync"] = ["Messaging", "Storage", "Registry: IThingCatalog IRegistryFeed IThings IThingTypes IThingGroups RegistryError", "Shadows: IShadows IShadowFeed"], // the feed: what IShadows lacks to follow changes; IThings…: decision 0015
        ["Cli"] = ["Api"],
    };

    /// <summary>Slices that may speak MQTTnet's words; all others speak Messaging's.</summary>
    public static readonly string[] MayUseMqttNet = ["Mqtt", "Gateway", "Sync"];
}
