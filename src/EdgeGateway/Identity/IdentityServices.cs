using EdgeGateway.Configuration;
using EdgeGateway.Identity.Authorizers;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Identity.Provisioning;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeGateway.Identity;

/// <summary>Identity's parts for the host. Wants <see cref="GatewayOptions"/>, the database, the registry's catalog and feed, and the message bus beside it.</summary>
public static class IdentityServices
{
    /// <param name="configuration">The section <c>identity</c>.</param>
    public static IServiceCollection AddIdentity(this IServiceCollection services, ConfigurationNode configuration)
    {
        var options = IdentityOptions.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(IdentityTables.Migrations);
        services.AddSingleton<IdentityArns>();
        services.AddSingleton<IdentityState>();
        services.AddForwarded<IAuditLog, AuditLog>();
        AddCertificates(services);
        AddDecisions(services);
        AddCredentials(services);
        AddProvisioning(services);
        services.AddSingleton<IdentityStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentityStartup>());
        services.AddHostedService<CertificateUpkeep>();
        return services;
    }

    private static void AddCertificates(IServiceCollection services)
    {
        services.AddSingleton(provider => new ClockFloor(
            Path.Combine(provider.GetRequiredService<GatewayOptions>().DataFolder, "clock-floor"), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdentityOptions>().TrustClock ? () => true : ClockSynchronisation.IsSynchronised, ClockFloor.BuildTime()));
        services.AddSingleton<IClockFloor>(provider => provider.GetRequiredService<ClockFloor>());
        services.AddSingleton(provider =>
        {
            var (gateway, options) = (provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<IdentityOptions>());
            return options.CaCertificateFile is not null
                ? LocalCertificateAuthority.Open(InFolder(gateway, options.CaCertificateFile), InFolder(gateway, options.CaKeyFile!))
                : LocalCertificateAuthority.OpenOrCreate(CaFolder(gateway), gateway.Name);
        });
        services.AddSingleton(provider =>
        {
            var (gateway, options) = (provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<IdentityOptions>());
            var resolved = options.ServerCertificateFile is null ? options : options with
            {
                ServerCertificateFile = InFolder(gateway, options.ServerCertificateFile),
                ServerKeyFile = InFolder(gateway, options.ServerKeyFile!),
            };
            return new ServerCertificate(
                provider.GetRequiredService<LocalCertificateAuthority>(), resolved, provider.GetRequiredService<IClockFloor>(), CaFolder(gateway),
                () => HostNames.OfThisMachine([.. NamesOf(gateway), .. options.Names]));
        });
        services.AddSingleton<IServerCertificate>(provider => provider.GetRequiredService<ServerCertificate>());
        services.AddForwarded<ICertificates, CertificateRegistry>();
        services.AddForwarded<ICertificateAuthorities, CaRegistry>();
        services.AddSingleton<CertificateJudge>();
    }

    private static void AddDecisions(IServiceCollection services)
    {
        services.AddForwarded<IPolicies, PolicyRegistry>();
        services.AddForwarded<IAuthorizer, Authorizer>();
        services.AddSingleton<IPolicyExplainer>(provider => provider.GetRequiredService<Authorizer>());
        services.AddForwarded<IAuthenticator, Authenticator>();
        services.AddSingleton<LocalFunctions>();
        services.AddForwarded<ICustomAuthorizers, CustomAuthorizerStore>();
        services.AddSingleton<CustomAuthentication>();
    }

    private static void AddProvisioning(IServiceCollection services)
    {
        services.AddSingleton<DeviceOnboarding>();
        services.AddSingleton<JustInTimeRegistration>();
        services.AddForwarded<IProvisioningTemplates, ProvisioningTemplateStore>();
        services.AddSingleton<OwnershipTokens>();
        services.AddSingleton<Provisioner>();
        services.AddSingleton<PreProvisioningHooks>();
        services.AddSingleton<JoinWindow>();
        services.AddSingleton<ProvisioningClaims>();
        services.AddSingleton<ThingRegistration>();
        services.AddSingleton(static provider => new Lazy<Provisioner>(provider.GetRequiredService<Provisioner>));
        services.AddSingleton<FleetProvisioning>();
        services.AddSingleton<FleetProvisioningService>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetProvisioningService>());
    }

    private static void AddCredentials(IServiceCollection services)
    {
        services.AddSingleton<PasswordVerifier>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton(provider => new MachineKey(Path.Combine(CaFolder(provider.GetRequiredService<GatewayOptions>()), "machine.key")));
        services.AddForwarded<IDeviceCredentials, CredentialStore>();
        services.AddForwarded<IPeople, PeopleStore>();
        services.AddForwarded<IAccessKeys, AccessKeyStore>();
        services.AddSingleton<ITemporaryKeys, TemporaryKeys>();
        services.AddSingleton(BearerTokenStore.Migrations);
        services.AddForwarded<IBearerTokens, BearerTokenStore>();
    }

    // The gateway's own name may differ from the machine's, and mDNS then offers both.
    private static string[] NamesOf(GatewayOptions gateway) =>
        Uri.CheckHostName(gateway.Name) == UriHostNameType.Dns ? [gateway.Name, gateway.Name.Split('.')[0] + ".local"] : [];

    private static string CaFolder(GatewayOptions gateway) => Path.Combine(gateway.DataFolder, "ca");

    private static string InFolder(GatewayOptions gateway, string file) => Path.GetFullPath(file, gateway.ConfigurationFolder);
}
