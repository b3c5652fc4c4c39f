IN.register("HcmWidget", (element) => {
  "use strict";
  const { widgetType, atsCandidateId, integrationContext, showUnlinkUrl, confirmUnlink } = element.dataset;
  if (widgetType !== "ATS" || !atsCandidateId || !integrationContext) {
    IN.complain("IN/HcmWidget needs data-widget-type=ATS, data-ats-candidate-id and data-integration-context");
    return;
  }
  if (!element.dataset.width) element.dataset.width = "800";
  IN.frame(
    element,
    "/rsc/widget/profile",
    {
      candidate: atsCandidateId,
      context: integrationContext,
      unlink: showUnlinkUrl === "true" ? "1" : "",
      confirm: confirmUnlink === "true" ? "1" : "",
    },
    { onlink: "data-onlink", onunlink: "data-onunlink" },
    "LinkedIn profile",
  );
});
