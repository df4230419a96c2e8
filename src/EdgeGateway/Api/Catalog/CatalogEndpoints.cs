namespace EdgeGateway.Api.Catalog;

/// <summary>The registry and the access keys in the gateway's own API.</summary>
internal static class CatalogEndpoints
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogJson.Default));

    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        routes.MapThings();
        routes.MapThingTypes();
        routes.MapThingGroups();
        routes.MapBillingGroups();
        routes.MapAccessKeys();
        routes.MapAccessTokens();
    }
}
