namespace EdgeGateway.Api.Access;

/// <summary>Devices, certificates, policies, people: identity's part of <c>/edge/v1</c>.</summary>
internal static class AccessEndpoints
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<TargetNames>();
        services.AddSingleton<PolicyQuestions>();
        services.AddSingleton<DialAddress>();
        services.AddSingleton<ConsoleSessions>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AccessJson.Default));
        return services;
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapDevices();
        routes.MapCertificates();
        routes.MapCas();
        routes.MapPolicies();
        routes.MapUsers();
        routes.MapCredentials();
        routes.MapJoin();
        routes.MapAudit();
        routes.MapSession();
    }
}
