using EdgeGateway.Api.Aws.Audits;
using EdgeGateway.Api.Aws.Bulk;
using EdgeGateway.Api.Aws.Operations;
using EdgeGateway.Api.Aws.Packages;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Api.Aws.SigV4;
using EdgeGateway.Configuration;
using EdgeGateway.Jobs.Streams;
using Microsoft.Extensions.Options;

namespace EdgeGateway.Api.Aws;

/// <summary>AWS IoT's own HTTP API: control plane and data plane.</summary>
public static class AwsServices
{
    /// <param name="configuration">The root of the tree; reads <c>aws</c>.</param>
    public static IServiceCollection AddAws(this IServiceCollection services, ConfigurationNode configuration) => services
        .AddSingleton(AwsOptions.Read(configuration.Section("aws")))
        .AddSingleton<ReplayCache>()
        .AddSingleton<SigV4Verifier>()
        .AddSingleton<RoleCallers>()
        .AddSingleton<AwsAuthentication>()
        .AddSingleton<PrincipalDirectory>()
        .AddSingleton<TaggableResources>()
        .AddSingleton<IAwsOperations, ThingOperations>()
        .AddSingleton<IAwsOperations, ThingTypeOperations>()
        .AddSingleton<IAwsOperations, ThingGroupOperations>()
        .AddSingleton<IAwsOperations, BillingGroupOperations>()
        .AddSingleton<IAwsOperations, EventConfigurationOperations>()
        .AddSingleton<IAwsOperations, TagOperations>()
        .AddSingleton<IAwsOperations, CertificateOperations>()
        .AddSingleton<IAwsOperations, CaCertificateOperations>()
        .AddSingleton<IAwsOperations, PolicyOperations>()
        .AddSingleton<IAwsOperations, PolicyAttachmentOperations>()
        .AddSingleton<IAwsOperations, EndpointOperations>()
        .AddSingleton<IAwsOperations, ProvisioningTemplateOperations>()
        .AddSingleton<IAwsOperations, ThingRegistrationOperations>()
        .AddSingleton<IAwsOperations, AuthorizerOperations>()
        .AddSingleton<IAwsOperations, TestAuthorizationOperations>()
        .AddSingleton<IAwsOperations, TopicRuleOperations>()
        .AddSingleton(AwsRecords.Migrations)
        .AddSingleton<AwsRecords>()
        .AddSingleton<GatewayLogLevel>()
        .AddSingleton<IConfigureOptions<LoggerFilterOptions>>(static provider => provider.GetRequiredService<GatewayLogLevel>())
        .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(static provider => provider.GetRequiredService<GatewayLogLevel>())
        .AddSingleton<IAwsOperations, RoleAliasOperations>()
        .AddSingleton<IAwsOperations, CredentialOperations>()
        .AddSingleton<IAwsOperations, DomainConfigurationOperations>()
        .AddSingleton<IAwsOperations, LoggingOperations>()
        .AddSingleton<IAwsOperations, TopicRuleDestinationOperations>()
        .AddSingleton<RegistrationFiles>()
        .AddSingleton<RegistrationRunner>()
        .AddHostedService(static provider => provider.GetRequiredService<RegistrationRunner>())
        .AddSingleton<IAwsOperations, RegistrationTaskOperations>()
        .AddSingleton<IAwsOperations, FleetIndexOperations>()
        .AddSingleton<IAwsOperations, DynamicThingGroupOperations>()
        .AddSingleton<IAwsOperations, FleetMetricOperations>()
        .AddSingleton<IStreamContents, StreamContents>()
        .AddSingleton<IAwsOperations, FileStreamOperations>()
        .AddSingleton<IAwsOperations, CommandOperations>()
        .AddSingleton<PackageVersions>()
        .AddHostedService<PackageShadows>()
        .AddSingleton<IAwsOperations, PackageOperations>()
        .AddSingleton<AuditChecks>()
        .AddSingleton<AuditRunner>()
        .AddHostedService(static provider => provider.GetRequiredService<AuditRunner>())
        .AddSingleton<IAwsOperations, AuditOperations>()
        .AddSingleton<JobDocuments>()
        .AddSingleton<JobDataOperations>()
        .AddSingleton<IAwsOperations>(static provider => provider.GetRequiredService<JobDataOperations>())
        .AddSingleton<IAwsOperations, JobOperations>()
        .AddSingleton<IAwsOperations, JobTemplateOperations>()
        .AddSingleton<DataPermissions>()
        .AddSingleton<IAwsOperations, MessageOperations>()
        .AddSingleton<IAwsOperations, ShadowOperations>()
        .AddSingleton<AwsEndpoint>();

    /// <summary>Every path that is not the gateway's own is AWS's, with AWS's answer when unknown; routing never sees it.</summary>
    public static void UseAws(this WebApplication app)
    {
        var aws = app.Services.GetRequiredService<AwsEndpoint>();
        app.Use((http, next) => GatewayPaths.IsAws(http) ? aws.InvokeAsync(http) : next(http));
    }

    /// <summary>Whom the handshake of MQTT over WebSocket proves by its signature (Signature Version 4).</summary>
    /// <param name="caller">Null: it carries no signature, and CONNECT must say.</param>
    /// <returns>What to answer where the signature does not hold; null: go on.</returns>
    internal static AwsReply? AuthenticateUpgrade(this HttpContext http, out Caller? caller)
    {
        caller = null;
        try
        {
            caller = http.RequestServices.GetRequiredService<AwsAuthentication>().AuthenticateUpgrade(http);
            return null;
        }
        catch (AwsException refusal)
        {
            return AwsErrors.From(refusal);
        }
    }
}
