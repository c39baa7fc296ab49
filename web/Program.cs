using SchoolHome.Silo;
using SchoolHome.Web.Edge;
using SchoolHome.Web.Live;
using SchoolHome.Web.People;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
if (builder.Configuration.GetValue("SchoolHome:HostsSilo", true))
    builder.UseSchoolHomeSilo(builder.Configuration);
else
    builder.UseSchoolHomeClient(builder.Configuration);

builder.AddSchoolHomeDataProtection(builder.Configuration);
builder.Services.AddSchoolHomeSignIn(builder.Configuration);
builder.Services.AddSchoolHomeLimits(builder.Configuration);
builder.Services.AddSchoolHomeApi();
builder.Services.AddLive();
builder.Services.AddClientApp();

var app = builder.Build();
app.UseTrustedProxies(app.Configuration);
app.UseExceptionHandler();
app.UseSecurityHeaders();
app.UseSameOriginOnly("/live");
app.UseClientFiles();
app.UseAuthentication();
app.UseRateLimiter();
app.UseAuthorization();
app.UseLeanConnections("/live");
app.MapSchoolHomeHealth();
app.MapSchoolHomeApi();
app.MapClientApp();
await app.RunAsync();
