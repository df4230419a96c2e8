using EdgeGateway.Api.Aws;
using EdgeGateway.Api.Access;
using EdgeGateway.Api.Catalog;
using EdgeGateway.Gateway;

namespace EdgeGateway.Api;

/// <summary>The HTTP edge of the gateway.</summary>
public static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddRouting();
        services.AddSingleton(options);
        services.AddSingleton<PersonSignIn>();
        services.AddSingleton<RequestGuard>();
        services.AddSingleton<PassRole>();
        services.AddSingleton<GatewayClock>();
        services.AddAccess();
        services.AddCatalog();
        services.AddOpenApiDocument();
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        return services;
    }

    /// <summary>The guard first, then AWS's paths, then every group of endpoints.</summary>
    public static void MapApi(this WebApplication app)
    {
        var guard = app.Services.GetRequiredService<RequestGuard>();
        app.Use(guard.InvokeAsync);
        app.UseWebSockets();
        app.UseAws();
        app.UseRouting();
        app.Use(NothingHereAsync);
        app.Use(BadRequestAsync);
        app.Map(GatewayServices.WebSocketPath, guard.MqttAsync);
        app.MapStatus();
        app.MapCatalog();
        app.MapOpenApi(OpenApiDocuments.Path);
        app.MapRules();
        app.MapShadows();
        app.MapMessages();
        app.MapWired();
        app.MapAdoption();
        app.MapDemo();
        app.MapBackup();
        app.MapAccess();
        app.MapShadowSync();
        app.MapRegistrySync();
        app.MapSearch();
        app.MapJobs();
        app.MapUpstreams();
        app.MapDrivers();
        app.MapBroker();
        app.MapMetrics();
        app.MapTables();
        app.MapRoles();
        app.MapDeliveries();
        app.MapSecrets();
        app.MapObjects();
        app.MapQueues();
        app.MapStreams();
        app.MapSeries();
        app.MapAlarms();
        app.MapLogs();
        app.MapNotifications();
        app.MapFunctions();
        app.MapConsole();
    }

    private static Task NothingHereAsync(HttpContext context, RequestDelegate next) => context.GetEndpoint() is null && GatewayPaths.IsOwnApi(context.Request.Path)
        ? Problems.NotFound("endpoint", $"{context.Request.Method} {context.Request.Path}").ExecuteAsync(context)
        : next(context);

    /// <summary>A body or query that cannot be read: minimal APIs throw, so that the answer says what is wrong.</summary>
    private static async Task BadRequestAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException ex) when (!context.Response.HasStarted)
        {
            await Problems.Problem(ex.StatusCode, "Bad request", (ex.InnerException ?? ex).Message).ExecuteAsync(context);
        }
    }
}
